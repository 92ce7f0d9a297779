const NOISE: readonly RegExp[] = [
  /^Error: /,
  / \(pod: "[^"]*", container: [^)]*\)$/,
  /rpc error: code = \w+ desc = /g,
  /failed to pull and unpack image "[^"]*": /g,
  /failed to resolve (?:image|reference) "[^"]*": /g,
  /failed to (?:create|start) (?:containerd task|shim task|shim|container): /g,
  /OCI runtime (?:create|start) failed: /g,
  /runc (?:create|start) failed: /g,
  /unable to start container process: /g,
  /(?:error during container init|starting container process caused): /g,
  /: unknown$/,
  /server message: /g,
];

const WORTH_SHORTENING = /[\r\n]|: /;

/** A message in one line without what wraps its cause: `rpc error: code = …`, `failed to create shim task: …`. */
export function shortenMessage(message: string): string {
  let short = message.trim();
  // Nothing of what is left out is without one of these.
  if (!WORTH_SHORTENING.test(short)) return short;
  short = short.replace(/\s*[\r\n]+\s*/g, ' ');
  for (const noise of NOISE) short = short.replace(noise, '');
  return short;
}
