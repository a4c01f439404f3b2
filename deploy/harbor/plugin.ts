import { main } from '@pulumi/pulumi/provider';

import { provider } from './provider';

// What the engine starts as `pulumi-resource-beamline <its address>`.
void main(provider, process.argv.slice(2));
