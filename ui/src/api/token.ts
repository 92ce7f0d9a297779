const KEY = 'hark-token';

/** The bearer token that this tab was given; empty when it was given none. It is not kept longer than the tab. */
export function readToken(): string {
  try {
    return window.sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function keepToken(token: string): void {
  try {
    window.sessionStorage.setItem(KEY, token);
  } catch {
    // It is asked for again.
  }
}

export function authorize(): Record<string, string> {
  const token = readToken();
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}
