/**
 * Keeps secrets out of texts. What is registered is found anywhere in a text, in one pass whose
 * cost depends on the length of the text and hardly on the number of secrets (a desk has thousands).
 */
export interface Redactor {
  /**
   * Hides `secret` (a token, a PIN, a TOTP secret) wherever it occurs. Shorter than four characters
   * it is not registered: it would blot out half of every text and betray itself by that.
   */
  register(secret: string): void;
  /** Shows a client id as "11****07" wherever it occurs. */
  registerClientId(clientId: string): void;
  redact(text: string): string;
}

export const REDACTED = "[redacted]";

/** "1100000007" to "11****07"; ids too short to keep anything back become "****". */
export function maskClientId(clientId: string): string {
  return clientId.length < 8 ? "****" : `${clientId.slice(0, 2)}****${clientId.slice(-2)}`;
}

/** A secret's first characters; texts are searched for these, and only hits are looked at closer. */
const KEY_LENGTH = 4;
/** Shorter secrets (PINs) count only where no letter or digit adjoins: order ids are digits too. */
const ANYWHERE_LENGTH_MIN = 8;

export function createRedactor(): Redactor {
  const replacements = new Map<string, string>();
  /** Longest first, so that a secret containing another is hidden whole. */
  const lengthsByKey = new Map<string, number[]>();

  function add(secret: string, replacement: string): void {
    if (secret.length < KEY_LENGTH) return;
    replacements.set(secret, replacement);
    const key = secret.slice(0, KEY_LENGTH);
    const lengths = new Set(lengthsByKey.get(key)).add(secret.length);
    lengthsByKey.set(
      key,
      [...lengths].sort((a, b) => b - a),
    );
  }

  function secretAt(text: string, at: number): string | undefined {
    for (const length of lengthsByKey.get(text.slice(at, at + KEY_LENGTH)) ?? []) {
      const candidate = text.slice(at, at + length);
      if (!replacements.has(candidate)) continue;
      if (length >= ANYWHERE_LENGTH_MIN || standsAlone(text, at, length)) return candidate;
    }
    return undefined;
  }

  function redact(text: string): string {
    let clean = "";
    let copiedTo = 0;
    for (let at = 0; at <= text.length - KEY_LENGTH; at++) {
      const secret = secretAt(text, at);
      if (secret === undefined) continue;
      clean += text.slice(copiedTo, at) + replacements.get(secret);
      copiedTo = at + secret.length;
      at = copiedTo - 1;
    }
    return copiedTo === 0 ? text : clean + text.slice(copiedTo);
  }

  return {
    register(secret) {
      add(secret, REDACTED);
      // In a query string or form the same secret looks different.
      add(encodeURIComponent(secret), REDACTED);
    },
    registerClientId: (clientId) => add(clientId, maskClientId(clientId)),
    redact,
  };
}

const WORD = /[A-Za-z0-9]/;

function standsAlone(text: string, at: number, length: number): boolean {
  return !WORD.test(text.charAt(at - 1)) && !WORD.test(text.charAt(at + length));
}
