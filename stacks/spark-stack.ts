import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import {
  SparkHistoryServer,
  type SparkEvents,
  type SparkHistoryServerProps,
} from '../constructs/analysis/spark-history';
import { SparkOperator, type SparkOperatorProps } from '../constructs/analysis/spark-operator';
import type { IObjectStore } from '../constructs/contracts';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Events in the site's object store, which is asked for the bucket `events` in the namespace of the history server. */
export interface EventsInStore extends Omit<
  Extract<SparkEvents, { kind: 's3' }>,
  'kind' | 'bucket'
> {
  readonly kind: 'objects';
  readonly store: IObjectStore;
}

/** The history server, as `SparkHistoryServer` takes it, or with its events in the site's object store. */
export interface SparkHistory extends Omit<SparkHistoryServerProps, 'events'> {
  readonly events: SparkEvents | EventsInStore;
}

/** Spark for the tenants of a site. */
export interface SparkStackProps extends SparkOperatorProps {
  /**
   * Namespace of operator and history server. Applications run in the tenants' own.
   *
   * @default 'spark'
   */
  readonly namespace?: string;
  /**
   * The pages of applications that ended.
   *
   * @default - none
   */
  readonly history?: SparkHistory;
}

/** Spark's operator and its history server in a namespace of their own. */
export class SparkStack extends Chart {
  public readonly operator: SparkOperator;

  constructor(scope: Construct, id: string, { namespace, history, ...operator }: SparkStackProps) {
    super(scope, id, { namespace: namespace ?? 'spark' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'spark' });
    this.operator = new SparkOperator(this, 'Operator', operator);
    if (history === undefined) return;
    new SparkHistoryServer(this, 'History', { ...history, events: this.eventsIn(history.events) });
  }

  private eventsIn(events: SparkHistory['events']): SparkEvents {
    if (events.kind !== 'objects') return events;
    const { store, ...image } = events;
    return { ...image, kind: 's3', bucket: store.bucket({ scope: this, name: 'events' }) };
  }
}
