import type { Json } from '../../plan/model';

/** What Harbor says to a request. */
export interface HarborAnswer {
  readonly status: number;
  /** @default - nothing */
  readonly body?: Json;
  /** @default - none is named */
  readonly location?: string;
}

/** A refusal in the form of Harbor's own. */
export function refused(status: number, message: string): HarborAnswer {
  return { status, body: { errors: [{ code: String(status), message }] } };
}
