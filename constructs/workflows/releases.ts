import { IMAGES } from '../versions';
import type { ImagePin } from '../versions/pin';

/** A release by the version of upstream's chart. The second is the newest alpha, and nothing for production. */
export type ReanaRelease = '0.9.4' | '0.95.0-alpha.5';

/** What a release runs. */
export type ReanaProgram =
  | 'server'
  | 'workflowController'
  | 'ui'
  | 'jobController'
  | 'engineCwl'
  | 'engineYadage'
  | 'engineSerial'
  | 'engineSnakemake'
  | 'messageBroker'
  | 'cache'
  | 'kerberos'
  | 'voms';

/** Images of each release. PostgreSQL is the same in both. */
export const RELEASES: Readonly<Record<ReanaRelease, Readonly<Record<ReanaProgram, ImagePin>>>> = {
  '0.9.4': {
    server: IMAGES.reanaServer,
    workflowController: IMAGES.reanaWorkflowController,
    ui: IMAGES.reanaUi,
    jobController: IMAGES.reanaJobController,
    engineCwl: IMAGES.reanaEngineCwl,
    engineYadage: IMAGES.reanaEngineYadage,
    engineSerial: IMAGES.reanaEngineSerial,
    engineSnakemake: IMAGES.reanaEngineSnakemake,
    messageBroker: IMAGES.reanaMessageBroker,
    cache: IMAGES.reanaCache,
    kerberos: IMAGES.reanaKerberos,
    voms: IMAGES.reanaVoms,
  },
  '0.95.0-alpha.5': {
    server: IMAGES.reanaServerAlpha,
    workflowController: IMAGES.reanaWorkflowControllerAlpha,
    ui: IMAGES.reanaUiAlpha,
    jobController: IMAGES.reanaJobControllerAlpha,
    engineCwl: IMAGES.reanaEngineCwlAlpha,
    engineYadage: IMAGES.reanaEngineYadageAlpha,
    engineSerial: IMAGES.reanaEngineSerialAlpha,
    engineSnakemake: IMAGES.reanaEngineSnakemakeAlpha,
    messageBroker: IMAGES.reanaMessageBrokerAlpha,
    cache: IMAGES.reanaCacheAlpha,
    kerberos: IMAGES.reanaKerberosAlpha,
    voms: IMAGES.reanaVomsAlpha,
  },
};
