import { withoutEmpty } from './object-attributes.ts';
import type { Attributes, Resource } from './span.ts';

/** One object for all that the same one says. */
export interface Resources {
  /**
   * @param service the reporting controller
   * @param instance which of its instances
   * @param node the Node it runs on, where that is told
   */
  find(cluster: string, service: string, instance: string, node: string): Resource;
}

/** What OpenTelemetry calls a service that does not say its name. */
const NAMELESS = 'unknown_service';
/** A cluster that only has a name: `name:prod`. */
const BY_NAME = 'name:';

/** The cluster of a file that does not tell. */
const UNKNOWN = 'unknown';

/** @param clusterNames what a cluster is called, by its uid */
export function openResources(clusterNames: ReadonlyMap<string, string>): Resources {
  const known = new Map<string, Resource>();
  return {
    find(cluster, service, instance, node) {
      const lengths = `${cluster.length} ${service.length} ${instance.length} `;
      const key = lengths + cluster + service + instance + node;
      const resource = known.get(key) ?? {
        attributes: {
          'service.name': service || NAMELESS,
          ...withoutEmpty({ 'service.instance.id': instance, 'k8s.node.name': node }),
          ...nameCluster(cluster, clusterNames),
        },
      };
      known.set(key, resource);
      return resource;
    },
  };
}

/** The attributes of a cluster, as far as it is known. */
export function nameCluster(cluster: string, names: ReadonlyMap<string, string>): Attributes {
  if (cluster.startsWith(BY_NAME)) return { 'k8s.cluster.name': cluster.slice(BY_NAME.length) };
  if (cluster === UNKNOWN) return {};
  return withoutEmpty({ 'k8s.cluster.uid': cluster, 'k8s.cluster.name': names.get(cluster) });
}
