import { parser } from '@prometheus-io/lezer-promql';

/** What an expression wants of a metric: the labels that it sorts by, and those that it selects by, with what they must match. */
interface Asked {
  readonly metric: string;
  readonly by: readonly string[];
  readonly matching: readonly (readonly [label: string, matcher: string, value: string])[];
}

type Node = ReturnType<ReturnType<typeof parser.parse>['cursor']>['node'];
type Series = Readonly<Record<string, string>>;

/** Labels that collecting adds: Prometheus' own, and the operator's for a ServiceMonitor. */
const ADDED = ['namespace', 'pod', 'service', 'container', 'endpoint', 'instance', 'job', 'node'];

/**
 * What an expression asks for and a program does not tell, whose answer to Prometheus this is. A label of the program that collecting has as well is
 * asked for as `exported_…`.
 */
export function untold(expr: string, exposition: string): string[] {
  const told = seriesOf(exposition);
  return askedBy(expr).flatMap(({ metric, by, matching }) => {
    const found = told.get(metric);
    if (found === undefined) return [`there is no ${metric}`];
    const own = (label: string): string => label.replace(/^exported_/, '');
    const foreign = (label: string): boolean => ADDED.includes(label);
    return [
      ...by
        .filter((label) => !foreign(label) && !found.some((series) => own(label) in series))
        .map((label) => `no ${metric} has the label ${label}`),
      ...matching
        .filter(([label]) => !foreign(label))
        .filter(([label, ...how]) => !found.some((series) => matches(series[own(label)], ...how)))
        .map(([label, matcher, value]) => `no ${metric} has ${label}${matcher}"${value}"`),
    ];
  });
}

function matches(found: string | undefined, matcher: string, value: string): boolean {
  if (found === undefined) return false;
  const regex = new RegExp(`^(?:${value})$`);
  switch (matcher) {
    case '=':
      return found === value;
    case '!=':
      return found !== value;
    case '=~':
      return regex.test(found);
    case '!~':
      return !regex.test(found);
    default:
      throw new Error(`Prometheus has no matcher '${matcher}'`);
  }
}

/** The series of an answer in Prometheus' text format, by name. */
function seriesOf(exposition: string): ReadonlyMap<string, readonly Series[]> {
  const told = new Map<string, Series[]>();
  for (const line of exposition.split('\n')) {
    const [, name, labels = ''] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? \S+/.exec(line) ?? [];
    if (name === undefined) continue;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const series = Object.fromEntries(pairs.map(([, label = '', value = '']) => [label, value]));
    told.set(name, [...(told.get(name) ?? []), series]);
  }
  return told;
}

function askedBy(expr: string): Asked[] {
  const text = ({ from, to }: Node): string => expr.slice(from, to);
  const labelsOf = (node: Node | null): string[] => node?.getChildren('LabelName').map(text) ?? [];
  const below = (node: Node, by: readonly string[]): Asked[] => {
    if (node.name === 'VectorSelector') {
      const [name] = node.getChildren('Identifier');
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      const matching = matchers.map((matcher) => {
        const [label = ''] = labelsOf(matcher);
        const [how, value] = [matcher.getChild('MatchOp'), matcher.getChild('StringLiteral')];
        if (how === null || value === null) throw new Error(`cannot read ${text(matcher)}`);
        return [label, text(how), String(JSON.parse(text(value)))] as const;
      });
      if (name === undefined) throw new Error(`cannot read ${text(node)}`);
      return [{ metric: text(name), by, matching }];
    }
    const modifier = node.name === 'AggregateExpr' ? node.getChild('AggregateModifier') : null;
    const more = modifier?.getChild('By') ? labelsOf(modifier.getChild('GroupingLabels')) : [];
    const found: Asked[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling)
      found.push(...below(child, [...by, ...more]));
    return found;
  };
  return below(parser.parse(expr).topNode, []);
}
