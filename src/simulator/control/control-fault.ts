/** The caller asked the control surface for something that cannot be done. */
export class ControlFault extends Error {
  override readonly name = "ControlFault";
}
