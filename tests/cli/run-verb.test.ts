import { runVerb, type VerbContext } from '../../cli/run-verb';

/** Runs a verb and answers what it printed and its exit code. */
async function run(
  verb: (name: string, options: object, context: VerbContext) => Promise<number>,
  options: object = {},
): Promise<{ code: number | string | null | undefined; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const before = process.exitCode;
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0),
  ];
  try {
    await runVerb(verb)('dev', options);
    return { code: process.exitCode, out: out.join(''), err: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before;
  }
}

test('what a verb answers is the exit code', async () => {
  expect(await run((name) => Promise.resolve(name === 'dev' ? 3 : 0))).toEqual({
    code: 3,
    out: '',
    err: '',
  });
});

test('an error is told in words, on standard error', async () => {
  const { code, out, err } = await run(() =>
    Promise.reject(new Error("there is no environment 'dve'")),
  );
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toBe("error: there is no environment 'dve'\n");
});

test('an error is a document for machines', async () => {
  const { code, out, err } = await run(() => Promise.reject(new Error('no')), { json: true });
  expect({ code, out, err }).toEqual({ code: 1, out: '{"error":"no"}\n', err: '' });
});

test('progress goes to standard error, and nowhere for machines', async () => {
  const verb = (_name: string, _options: object, { report }: VerbContext): Promise<number> => {
    report.note('bringing etcd');
    return Promise.resolve(0);
  };
  expect(await run(verb)).toEqual({ code: 0, out: '', err: 'bringing etcd\n' });
  expect(await run(verb, { json: true })).toEqual({ code: 0, out: '', err: '' });
});

test('the first interrupt asks the verb to stop, a second one changes nothing', async () => {
  const { code, err } = await run((_name, _options, { signal }) => {
    process.emit('SIGINT');
    process.emit('SIGTERM');
    return Promise.resolve(signal.aborted ? 7 : 0);
  });
  expect({ code, err }).toEqual({ code: 7, err: '\nstopping at the next safe point ...\n' });
});

test('nothing is left listening', async () => {
  const before = process.listenerCount('SIGINT');
  await run(() => Promise.resolve(0));
  expect(process.listenerCount('SIGINT')).toBe(before);
});
