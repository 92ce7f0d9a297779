import type { Agent } from 'node:http';

/** How a request goes on: by which connections, and with which headers to be let in. */
export interface Entrance {
  readonly agent: Agent;
  /** `authorization`, `impersonate-…`; without names that have no value. */
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** A cluster, for who hands on the requests of others as they are. */
export interface Gate {
  /** The name of the context. */
  readonly name: string;
  /** The server's URL; a path in it goes before each request's. */
  readonly url: URL;
  /**
   * Reads the credentials of now; connections are shared and kept.
   *
   * @throws HarkError `credentials` when they cannot be had
   */
  open(signal?: AbortSignal): Promise<Entrance>;
  /** `open` with connections that nobody else uses, for a request that keeps its own: whoever asked destroys the agent. */
  openApart(signal?: AbortSignal): Promise<Entrance>;
  /** What was read was refused: credentials are read again (files, exec plugin) for the next request. */
  renew(): void;
}
