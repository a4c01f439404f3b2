import { elapsed, plainReport, reportTo } from '../../upstream/progress';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a log has a line when work begins, one every half a minute, and one when it ends', () => {
  const lines: string[] = [];
  const task = plainReport((line) => lines.push(line)).begin('building etcd');
  task.update('12 packages');
  jest.advanceTimersByTime(61_000);
  task.done('built etcd');
  jest.advanceTimersByTime(61_000);
  expect(lines).toEqual([
    'building etcd ...',
    'building etcd ... 12 packages, 30 s',
    'building etcd ... 12 packages, 1 min 0 s',
    'built etcd (1 min 1 s)',
  ]);
});

test('a log says when work failed', () => {
  const lines: string[] = [];
  plainReport((line) => lines.push(line))
    .begin('building etcd')
    .failed('could not build etcd');
  expect(lines).toEqual(['building etcd ...', 'could not build etcd (0 s)']);
});

test('what is no terminal gets plain lines', () => {
  const lines: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const terminal = process.stderr.isTTY;
  process.stderr.isTTY = false;
  reportTo().note('hello');
  process.stderr.isTTY = terminal;
  write.mockRestore();
  expect(lines).toEqual(['hello\n']);
});

test.each([
  [400, '0 s'],
  [59_000, '59 s'],
  [60_000, '1 min 0 s'],
  [3_725_000, '62 min 5 s'],
])('says %d ms as %s', (milliseconds, text) => {
  expect(elapsed(0, milliseconds)).toBe(text);
});
