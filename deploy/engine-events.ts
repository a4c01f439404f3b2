import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { z } from 'zod';

import { nameIn } from './identity';

/** What the engine reports while it works. */
export type EngineEvent =
  | { readonly kind: 'begun'; readonly operation: string; readonly name: string }
  | { readonly kind: 'done'; readonly operation: string; readonly name: string }
  | { readonly kind: 'failed'; readonly operation: string; readonly name: string }
  /** Something it says: an error stops the run. */
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'note'; readonly message: string };

const step = z.object({ metadata: z.object({ op: z.string(), urn: z.string() }) });
const line = z.object({
  resourcePreEvent: step.optional(),
  resOutputsEvent: step.optional(),
  resOpFailedEvent: step.optional(),
  diagnosticEvent: z
    .object({
      message: z.string(),
      severity: z.string(),
      urn: z.string().default(''),
      ephemeral: z.boolean().default(false),
    })
    .optional(),
});

/** What a policy says that stops the run. */
const violation = z.object({
  policyEvent: z.object({ enforcementLevel: z.literal('mandatory'), message: z.string() }),
});

const POLL_MS = 100;

/**
 * Reads the engine's event log as it grows, until `ended` aborts and everything was read. Secrets are masked in it by
 * the engine.
 */
export async function followEvents(
  path: string,
  ended: AbortSignal,
  onEvent: (event: EngineEvent) => void,
): Promise<void> {
  while (!existsSync(path)) {
    if (ended.aborted) return;
    await pause(POLL_MS);
  }
  const file = await open(path, 'r');
  const chunk = Buffer.alloc(1 << 16);
  let rest = Buffer.alloc(0);
  try {
    for (;;) {
      const last = ended.aborted;
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const event = eventIn(rest.subarray(0, end).toString('utf8'));
        rest = rest.subarray(end + 1);
        if (event !== undefined) onEvent(event);
      }
      if (bytesRead > 0) continue;
      if (last) return;
      await pause(POLL_MS);
    }
  } finally {
    await file.close();
  }
}

function eventIn(text: string): EngineEvent | undefined {
  if (text.trim() === '') return undefined;
  const json: unknown = JSON.parse(text);
  const stopped = violation.safeParse(json);
  if (stopped.success) return { kind: 'problem', message: stopped.data.policyEvent.message.trim() };
  const parsed = line.safeParse(json);
  if (!parsed.success) return undefined;
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = parsed.data;
  if (resourcePreEvent !== undefined) return { kind: 'begun', ...stepOf(resourcePreEvent) };
  if (resOutputsEvent !== undefined) return { kind: 'done', ...stepOf(resOutputsEvent) };
  if (resOpFailedEvent !== undefined) return { kind: 'failed', ...stepOf(resOpFailedEvent) };
  if (diagnosticEvent === undefined) return undefined;
  const message = diagnosticEvent.message.trim();
  if (diagnosticEvent.severity === 'error' || diagnosticEvent.severity === 'info#err') {
    const name = nameIn(diagnosticEvent.urn);
    return {
      kind: 'problem',
      message: name === '' || message.includes(name) ? message : `${name}: ${message}`,
    };
  }
  return message === '' || diagnosticEvent.severity === 'debug'
    ? undefined
    : { kind: 'note', message };
}

function stepOf({ metadata }: z.infer<typeof step>): { operation: string; name: string } {
  return { operation: metadata.op, name: nameIn(metadata.urn) };
}
