import { Construct } from 'constructs';

import type { ICondorPool, SecretRef } from '../contracts';
import { namespaceOf } from '../kit/objects';
import { keepInternal } from '../kit/reach';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { CentralManager, MANAGER } from './central-manager';
import { ExecuteWorkload } from './execute-pods';
import { CONDOR_PORT, PARTS } from './parts';
import { addPoolPolicies } from './pool-policies';
import { poolProblems } from './pool-problems';
import type { HtcondorPoolProps } from './pool-props';
import { PoolTokens } from './pool-tokens';
import { SessionTokens, type SessionTokensProps } from './session-tokens';
import { SubmitNode } from './submit-node';

/**
 * A pool of HTCondor: a central manager, submit nodes and the pods that jobs run in, none of them root, none with a right in the cluster.
 * Jobs come in by network with a token; nobody logs in to a submit node. One pool a namespace.
 */
export class HtcondorPool extends Construct implements ICondorPool {
  public readonly collector: string;
  private readonly tokens: PoolTokens;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: HtcondorPoolProps,
  ) {
    super(scope, id);
    rejectInvalid(this, poolProblems(targetOf(this), props));
    keepInternal(this, 'jobs of anybody who reaches it with a token would run');
    const host = `${MANAGER}.${namespaceOf(this)}.svc`;
    this.collector = `${host}:${CONDOR_PORT}`;
    this.tokens = new PoolTokens(this, props.domain, props.key);
    this.tokens.ofDaemon('operator', PARTS.manager);
    new CentralManager(this, props, host, this.tokens);
    new SubmitNode(this, props, host, this.tokens);
    new ExecuteWorkload(this, props, host, this.tokens);
    addPoolPolicies(this, props);
  }

  public token(request: Parameters<ICondorPool['token']>[0]): SecretRef {
    return this.tokens.request(request);
  }

  /** Lets people of a hub get tokens of their own from their sessions. That the sessions may reach the pool, `submitters` says. */
  public serveSessions(props: SessionTokensProps): void {
    const { domain, key } = this.props;
    new SessionTokens(this, props, { domain, keys: this.tokens.keys, rotation: key.rotation });
  }
}
