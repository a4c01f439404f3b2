import type { Provider } from '@pulumi/pulumi/provider';

import { OWN_PROVIDER_VERSION } from '../identity';
import {
  createThing,
  isSameThing,
  readThing,
  removeThing,
  updateThing,
  type Thing,
} from './things';

/**
 * The provider of what is beyond the cluster, as the engine speaks to it. It keeps nothing: where Harbor is and who asks stands in each
 * thing. What it answers is what it was given, so that secrets stay wrapped and the state keeps them encrypted.
 */
export const provider: Provider = {
  version: OWN_PROVIDER_VERSION,
  schema: JSON.stringify({ name: 'beamline', version: OWN_PROVIDER_VERSION }),
  check: (_urn, _olds, news: Thing) => Promise.resolve({ inputs: news }),
  diff: (_id, _urn, olds: Thing, news: Thing) =>
    Promise.resolve({ changes: !isSameThing(olds, news) }),
  create: async (_urn, inputs: Thing) => ({ id: await createThing(inputs), outs: inputs }),
  read: async (id, _urn, props: Thing) => {
    const live = await readThing(id, props);
    return live === undefined ? { id: '', props: {} } : { id, props: live };
  },
  update: async (id, _urn, _olds: Thing, news: Thing) => {
    await updateThing(id, news);
    return { outs: news };
  },
  delete: (id, _urn, props: Thing) => removeThing(id, props),
};
