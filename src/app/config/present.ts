type Present<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Without what is not set, since an absent key and an undefined one are not the same in JSON. */
export function present<Value extends object>(value: Value): Present<Value> {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as Present<Value>;
}
