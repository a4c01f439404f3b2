import { Construct } from 'constructs';

import type { IIngress } from '../contracts';
import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';

/** Where the welcome service is found. */
export interface WelcomeProps {
  /** The front door that publishes it. */
  readonly ingress: IIngress;
  /** Host name it answers under. */
  readonly host: string;
  /**
   * Number of pods.
   *
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Who may see it. It repeats the request it got, so that a site can tell what its front door adds.
   *
   * @default 'internal'
   */
  readonly reach?: 'public' | 'internal';
}

const PART: Part = {
  name: 'whoami',
  instance: 'welcome',
  component: 'web',
  partOf: 'welcome',
  version: IMAGES.whoami.tag,
};
const PORT = 8080;

/** A small web service that shows how a request came in: the first thing to look at on a new site. */
export class Welcome extends Construct {
  constructor(scope: Construct, id: string, props: WelcomeProps) {
    super(scope, id);
    const name = 'welcome';
    serviceAccount(this, 'ServiceAccount', name, PART);
    deployment(this, 'Deployment', {
      name,
      part: PART,
      replicas: props.replicas ?? 2,
      serviceAccount: name,
      containers: [
        {
          name: 'whoami',
          image: imageRef(IMAGES.whoami),
          args: [`--port=${PORT}`],
          ports: { http: PORT },
          resources: { cpu: '10m', memory: '32Mi' },
          // Not /health: whoami lets anybody set what that answers.
          probes: { readiness: httpProbe('http', '/bench'), liveness: httpProbe('http', '/bench') },
        },
      ],
    });
    kubeObject(this, 'Service', 'Service', {
      metadata: { name, labels: labelsOf(PART) },
      spec: {
        selector: selectorOf(PART),
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
    props.ingress.route({
      scope: this,
      name,
      host: props.host,
      service: { name, port: 'http' },
      reach: props.reach ?? 'internal',
    });
  }
}
