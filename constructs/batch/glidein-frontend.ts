import { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import type { Elevated } from '../kit/containers';
import { exempt } from '../kit/exceptions';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { allow } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { statefulSet } from '../kit/stateful-set';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { CONDOR_PORT } from './parts';
import { FRONTEND_PATHS, frontendXml, proxiesIni } from './frontend-files';
import { frontendProblems } from './frontend-problems';
import type { GlideinFrontendProps } from './frontend-props';

const NAME = 'glidein-frontend';
const PART: Part = {
  name: 'glideinwms',
  instance: NAME,
  component: 'frontend',
  partOf: 'batch',
};
const HTTP = 80;

/**
 * Lays out the home, and gives the frontend's account (`useradd -u 996 -g 993 frontend` in `vo-frontend/Dockerfile` of opensciencegrid/images)
 * the tokens as HTCondor wants them: files of its own that nobody else can read.
 */
const PREPARE = `set -eu
home=${FRONTEND_PATHS.home}
install -d -o 996 -g 993 "$home" "$home/vofrontend" "$home/web-area" "$home/web-area/stage" "$home/web-area/monitor"
install -d -o 996 -g 993 -m 700 "$home/proxies" "$home/.condor" "$home/.condor/tokens.d"
rm -f "$home"/.condor/tokens.d/*
install -o 996 -g 993 -m 600 ${FRONTEND_PATHS.tokens}/* "$home/.condor/tokens.d/"
`;

/**
 * A VO's frontend of GlideinWMS. Its image wants root: its supervisor starts a web server and the frontend under accounts of their own. So
 * it takes a consent, and on OKD the anyuid SCC for its own account alone.
 */
export class GlideinFrontend extends Construct {
  constructor(scope: Construct, id: string, props: GlideinFrontendProps) {
    super(scope, id);
    rejectInvalid(this, frontendProblems(props));
    serviceAccount(this, 'ServiceAccount', NAME, PART);
    grantScc(this, 'Scc', {
      scc: 'anyuid',
      part: PART,
      serviceAccount: { name: NAME, namespace: namespaceOf(this) },
    });
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(PART) },
      spec: {
        selector: selectorOf(PART),
        ports: [{ name: 'http', port: HTTP, targetPort: 'http', protocol: 'TCP' }],
      },
    });
    this.addPods(props);
    // Condor's port outwards: collectors, factories and queues are anywhere; VOMS servers and CAs answer on 443 and above.
    allow(this, 'Allow', {
      name: NAME,
      part: PART,
      to: [{ peers: 'anyone', ports: [CONDOR_PORT, 443] }],
    });
    props.web.ingress.route({
      scope: this,
      name: NAME,
      host: props.web.host,
      service: { name: NAME, port: 'http' },
      reach: 'internal',
    });
  }

  private addPods(props: GlideinFrontendProps): void {
    const config = kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels: labelsOf(PART) },
      data: { 'frontend.xml.base': frontendXml(props), 'proxies.ini': proxiesIni(props) },
    });
    const secrets = secretVolumes(props);
    const probe = { tcpSocket: { port: 'http' }, periodSeconds: 20, timeoutSeconds: 5 };
    const elevated: Elevated = {
      exempt: `its supervisor hands work to other accounts and chowns their files; consent: ${props.consent}`,
      context: { capabilities: { drop: ['MKNOD', 'NET_RAW', 'SETPCAP', 'SYS_CHROOT'] } },
    };
    const set = statefulSet(this, 'StatefulSet', {
      name: NAME,
      part: PART,
      service: NAME,
      replicas: 1,
      serviceAccount: NAME,
      root: { exempt: props.consent },
      config: [config],
      graceSeconds: 60,
      initContainers: [
        {
          name: 'prepare',
          image: props.image,
          command: ['/bin/sh', '-c', PREPARE],
          resources: { cpu: '50m', memory: '64Mi' },
          mounts: [
            { name: 'tokens', mountPath: FRONTEND_PATHS.tokens, readOnly: true },
            { name: 'home', mountPath: FRONTEND_PATHS.home },
          ],
          elevated,
        },
      ],
      containers: [
        {
          name: 'frontend',
          image: props.image,
          env: [{ name: 'VO_POOL', value: props.collectors.map(({ name }) => name).join(',') }],
          ports: { http: HTTP },
          resources: { cpu: '500m', memory: '2Gi' },
          probes: {
            readiness: probe,
            liveness: {
              exec: { command: ['/healthy.sh'] },
              periodSeconds: 60,
              timeoutSeconds: 20,
              failureThreshold: 5,
            },
            startup: { ...probe, failureThreshold: 30 },
          },
          mounts: [
            at('config', FRONTEND_PATHS.config, 'frontend.xml.base'),
            at('config', FRONTEND_PATHS.proxies, 'proxies.ini'),
            { name: 'certificates', mountPath: FRONTEND_PATHS.certificates, readOnly: true },
            { name: 'home', mountPath: FRONTEND_PATHS.home },
          ],
          scratch: { [FRONTEND_PATHS.logs]: '2Gi' },
          writableRoot: { exempt: 'its start copies and writes files all over its root' },
          elevated,
        },
      ],
      volumes: [{ name: 'config', configMap: { name: NAME } }, ...secrets],
      claims: [
        {
          name: 'home',
          className: props.storage.storageClass.className,
          size: gibibytes(props.storage.sizeGiB),
        },
      ],
    });
    set.node.addDependency(props.storage.storageClass.ready);
    if (!targetOf(this).has('scc')) return;
    // The anyuid SCC lets no pod name a seccomp profile.
    set.addJsonPatch(JsonPatch.remove('/spec/template/spec/securityContext/seccompProfile'));
    exempt(set, { rule: 'seccomp', reason: 'the anyuid SCC refuses pods that name a profile' });
  }
}

function at(name: string, mountPath: string, subPath: string): VolumeMount {
  return { name, mountPath, subPath, readOnly: true };
}

/** Each value in the file that `proxies.ini` names, and the tokens by their Secrets' names, for the account of the frontend. */
function secretVolumes({ proxy, vo, tokens }: GlideinFrontendProps): Volume[] {
  const files: Readonly<Record<string, SecretRef>> = {
    'frontend-cert.pem': proxy.certificate,
    'frontend-key.pem': proxy.key,
    'pilot-cert.pem': vo.pilot.certificate,
    'pilot-key.pem': vo.pilot.key,
    'voms-cert.pem': vo.signer.certificate,
    'voms-key.pem': vo.signer.key,
  };
  const source = (path: string, { name, key }: SecretRef, mode?: number) => ({
    secret: { name, items: [{ key, path, ...(mode === undefined ? {} : { mode }) }] },
  });
  return [
    {
      name: 'certificates',
      projected: {
        sources: Object.entries(files).map(([path, ref]) =>
          source(path, ref, path.includes('-key') ? 0o400 : 0o444),
        ),
      },
    },
    {
      name: 'tokens',
      projected: { sources: tokens.map((ref, index) => source(`${index}-${ref.name}`, ref)) },
    },
  ];
}
