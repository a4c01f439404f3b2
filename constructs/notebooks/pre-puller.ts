import { Construct } from 'constructs';

import { serviceAccount } from '../kit/rbac';
import { daemonSet } from '../kit/daemon-set';
import { imageRef, IMAGES } from '../versions';
import { PARTS } from './parts';
import type { NotebookProfile } from './profile';

const NAME = 'image-puller';

/** Lets every node pull the images of the profiles, so that the first session there starts at once. */
export class PrePuller extends Construct {
  constructor(scope: Construct, profiles: readonly NotebookProfile[]) {
    super(scope, 'PrePuller');
    const images = [...new Set(profiles.map(({ image }) => image))];
    const resources = { cpu: '10m', memory: '16Mi' };
    const exempt = 'it does nothing but exist, so that its images stay on the node';
    serviceAccount(this, 'ServiceAccount', NAME, PARTS.puller);
    daemonSet(this, 'DaemonSet', {
      name: NAME,
      part: PARTS.puller,
      serviceAccount: NAME,
      initContainers: images.map((image, index) => ({
        name: `image-${index}`,
        image,
        command: ['/bin/sh', '-c', 'exit 0'],
        resources,
      })),
      containers: [
        {
          name: 'pause',
          image: imageRef(IMAGES.pause),
          resources,
          probes: { readiness: { exempt }, liveness: { exempt } },
        },
      ],
    });
  }
}
