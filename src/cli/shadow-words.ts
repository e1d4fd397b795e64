/** How a follower that copies on paper is told from one that trades, on every screen. */

export interface Follower {
  readonly follower: string;
  /** It copies on paper: what is shown of it would have been, and is nowhere at the broker. */
  readonly isShadow: boolean;
}

/** "asha", or "asha (shadow)". */
export function followerText({ follower, isShadow }: Follower): string {
  return isShadow ? `${follower} (shadow)` : follower;
}

/** What must be known of the shadows among them; undefined where there is none. */
export function shadowNote(followers: readonly Follower[]): string | undefined {
  const shadows = new Set(
    followers.filter(({ isShadow }) => isShadow).map(({ follower }) => follower),
  );
  if (shadows.size === 0) return undefined;
  return `SHADOW ${[...shadows].join(", ")}: would have; none of it is at the broker`;
}
