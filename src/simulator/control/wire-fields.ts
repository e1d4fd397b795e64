/** Fields of a wire body, as a caller of the control surface gives them. */
export type WireFields = Readonly<Record<string, unknown>>;
