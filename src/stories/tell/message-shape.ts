const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const HEX = /\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi;
const RANDOM_NAME = /-[bcdfghjklmnpqrstvwxz2456789]{5}(?=["'\s_,)(/:]|$)/g;
const NUMBER = /\d+(?:\.\d+)?/g;

/**
 * The message without what is different each time: uids, hashes, the random ends of names, numbers. Two messages of one shape say the same
 * thing again.
 */
export function messageShape(message: string): string {
  return message.replace(UID, '*').replace(HEX, '*').replace(RANDOM_NAME, '-*').replace(NUMBER, '#');
}
