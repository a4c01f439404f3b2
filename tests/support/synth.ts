import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { exceptionsOf, type Exception } from '../../constructs/kit/exceptions';
import { attachTarget, Target, type TargetName } from '../../constructs/targets';

/** An object as it is rendered. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** What a tree renders. */
export class Synthesized {
  public readonly objects: readonly Rendered[];
  public readonly exceptions: readonly Exception[];

  constructor(root: Construct) {
    const found = root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
    this.objects = found.map((object) => {
      const rendered: Rendered = object.toJson();
      return rendered;
    });
    this.exceptions = found.flatMap(exceptionsOf);
  }

  /** Every object of the kind. */
  public all(kind: string): Rendered[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  /** The one object of the kind, or the one of that name. Throws if there is none or more than one. */
  public one(kind: string, name?: string): Rendered {
    const found = this.all(kind).filter(
      ({ metadata }) => name === undefined || metadata.name === name,
    );
    const [first] = found;
    if (first !== undefined && found.length === 1) return first;
    const names = this.all(kind).map(({ metadata }) => metadata.name);
    throw new Error(`expected one ${kind} '${name ?? 'of any name'}', got [${names.join(', ')}]`);
  }

  /** The names of the objects of a kind, sorted. */
  public names(kind: string): string[] {
    return this.all(kind)
      .map(({ metadata }) => metadata.name)
      .sort();
  }
}

/** An app for a target. */
export function appFor(target: TargetName | Target = 'kubernetes 1.34'): App {
  const app = new App();
  attachTarget(app, typeof target === 'string' ? Target.parse(target) : target);
  return app;
}

/** A chart called `test` for a target, with a namespace. */
export function chartFor(target?: TargetName, namespace = 'test'): Chart {
  return new Chart(appFor(target), 'test', { namespace });
}

/** What a construct renders alone in a chart, as `test/Subject`. */
export function synth<P>(
  Subject: new (scope: Construct, id: string, props: P) => Construct,
  props: P,
  target?: TargetName,
  namespace?: string,
): Synthesized {
  const chart = chartFor(target, namespace);
  new Subject(chart, 'Subject', props);
  return new Synthesized(chart);
}

/** What a function adds to a chart. */
export function rendered(build: (chart: Chart) => void, target?: TargetName): Synthesized {
  const chart = chartFor(target);
  build(chart);
  return new Synthesized(chart);
}
