import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import {
  SparkHistoryServer,
  type SparkHistoryServerProps,
} from '../constructs/analysis/spark-history';
import { SparkOperator, type SparkOperatorProps } from '../constructs/analysis/spark-operator';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

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
  readonly history?: SparkHistoryServerProps;
}

/** Spark's operator and its history server in a namespace of their own. */
export class SparkStack extends Chart {
  public readonly operator: SparkOperator;

  constructor(scope: Construct, id: string, { namespace, history, ...operator }: SparkStackProps) {
    super(scope, id, { namespace: namespace ?? 'spark' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'spark' });
    this.operator = new SparkOperator(this, 'Operator', operator);
    if (history !== undefined) new SparkHistoryServer(this, 'History', history);
  }
}
