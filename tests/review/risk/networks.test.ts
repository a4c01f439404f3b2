import { openedNetworks } from '../../../review/risk/networks';

test.each<[string, string[], string[], string[], string[]]>([
  ['the same', ['10.0.0.0/8'], ['10.0.0.0/8'], [], []],
  ['narrower', ['10.0.0.0/8'], ['10.1.0.0/16', '10.2.3.4'], [], []],
  ['wider', ['192.0.2.0/24'], ['192.0.0.0/8'], ['192.0.0.0/8'], []],
  [
    'one more office',
    ['192.0.2.0/24'],
    ['192.0.2.0/24', '198.51.100.0/24'],
    [],
    ['198.51.100.0/24'],
  ],
  ['everybody', ['10.0.0.0/8'], ['0.0.0.0/0'], ['0.0.0.0/0'], []],
  ['everybody in the other family', ['10.0.0.0/8'], ['10.0.0.0/8', '::/0'], ['::/0'], []],
  ['nobody any more', ['10.0.0.0/8'], [], [], []],
])('%s', (_, before, after, wide, narrow) => {
  expect(openedNetworks(before, after)).toEqual({ wide, narrow });
});
