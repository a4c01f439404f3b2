import { runtime } from '@pulumi/pulumi';
import { Alias } from '@pulumi/pulumi/proto/alias_pb';
import {
  RegisterResourceRequest,
  type RegisterResourceResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

/** A resource as the engine is told of it. URNs in `dependsOn` and `formerUrns`. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [key: string]: JavaScriptValue };
  readonly dependsOn: readonly string[];
  readonly formerUrns?: readonly string[];
  /** `<urn>::<id>` of the provider; none for the engine's own kinds. */
  readonly provider?: string;
  readonly version?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly replaceOnChanges?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly secretOutputs?: readonly string[];
}

/** What the engine answers: who the resource is, and its outputs where they are asked for. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Struct | undefined;
}

/**
 * Tells the engine of one resource and waits until it is done with it, by the monitor's published protocol
 * (`pulumi/proto/resource.proto`). The SDK's resource classes do the same through a graph of Outputs that costs
 * several milliseconds and a sixth of a megabyte for each resource; plain manifests need none of it
 * (`docs/decisions/0003-monitor.md`).
 *
 * @throws Error with the engine's own words when it refuses or fails.
 */
export function registerWithEngine(parent: string, resource: Registration): Promise<Registered> {
  const monitor = runtime.getMonitor();
  if (monitor === undefined)
    throw new Error("there is no Pulumi engine; run 'pulumi up' or 'beamline up'");
  const request = new RegisterResourceRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setParent(parent);
  request.setCustom(true);
  request.setObject(Struct.fromJavaScript(resource.inputs));
  request.setDependenciesList([...resource.dependsOn]);
  request.setProvider(resource.provider ?? '');
  request.setVersion(resource.version ?? '');
  request.setProtect(resource.protect ?? false);
  request.setRetainondelete(resource.retainOnDelete ?? false);
  request.setReplaceonchangesList([...(resource.replaceOnChanges ?? [])]);
  request.setIgnorechangesList([...(resource.ignoreChanges ?? [])]);
  request.setDeletebeforereplace(resource.deleteBeforeReplace ?? false);
  request.setDeletebeforereplacedefined(resource.deleteBeforeReplace !== undefined);
  request.setAdditionalsecretoutputsList([...(resource.secretOutputs ?? [])]);
  request.setAcceptsecrets(true);
  request.setSupportspartialvalues(true);
  request.setAliasspecs(true);
  request.setAliasesList((resource.formerUrns ?? []).map((urn) => new Alias().setUrn(urn)));
  return new Promise((resolve, reject) => {
    monitor.registerResource(request, (error, response: RegisterResourceResponse | undefined) => {
      if (error === null && response !== undefined) {
        resolve({ urn: response.getUrn(), id: response.getId(), outputs: response.getObject() });
      } else {
        reject(
          new Error(
            `${resource.name}: ${error?.details ?? error?.message ?? 'the engine gave no answer'}`,
          ),
        );
      }
    });
  });
}
