/** A range of IPv4 addresses, or a network of another family as it is written. */
interface Network {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Networks that may come in where they could not before, wide ones apart: more than 65,536 addresses. */
export interface Opened {
  readonly wide: readonly string[];
  readonly narrow: readonly string[];
}

/** Which networks a list lets in that the former one did not. A list that is empty lets nobody in; one that is not there is the caller's business. */
export function openedNetworks(before: readonly string[], after: readonly string[]): Opened {
  const known = before.map(parsed);
  const fresh = after
    .map(parsed)
    .filter(({ from, to, text }) =>
      known.every((old) =>
        Number.isNaN(from) ? old.text !== text : !(old.from <= from && to <= old.to),
      ),
    );
  const isWide = ({ from, to, text }: Network): boolean =>
    Number.isNaN(from) ? /\/([0-9]|[1-3][0-9]|4[0-7])$/.test(text) : to - from >= 65_536;
  return {
    wide: fresh.filter(isWide).map(({ text }) => text),
    narrow: fresh.filter((network) => !isWide(network)).map(({ text }) => text),
  };
}

function parsed(text: string): Network {
  const [, a, b, c, d, bits = '32'] =
    /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text.trim()) ?? [];
  const octets = [a, b, c, d].map(Number);
  const size = 2 ** (32 - Number(bits));
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const from = Math.floor(address / size) * size;
  return { from, to: from + size - 1, text: text.trim() };
}
