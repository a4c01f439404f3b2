import { Client, type requestCallback } from '@grpc/grpc-js';
import { getMonitor } from '@pulumi/pulumi/runtime/settings';
import { Alias } from '@pulumi/pulumi/proto/alias_pb';
import {
  RegisterResourceRequest,
  Result,
  RegisterResourceResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import { BinaryReader } from 'google-protobuf';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

/** A resource as the engine is told of it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [key: string]: JavaScriptValue };
  /** URNs of what must be done before. */
  readonly dependsOn: readonly string[];
  /**
   * URNs that the state may know it by.
   *
   * @default []
   */
  readonly formerUrns?: readonly string[];
  /**
   * `<urn>::<id>` of the provider.
   *
   * @default - the kind is the engine's own
   */
  readonly provider?: string;
  /**
   * Version of the provider's plugin.
   *
   * @default - the kind is the engine's own
   */
  readonly version?: string;
  /**
   * Refuse to delete or replace it.
   *
   * @default false
   */
  readonly protect?: boolean;
  /**
   * Leave it in the cluster when it goes from the program.
   *
   * @default false
   */
  readonly retainOnDelete?: boolean;
  /**
   * Property paths that only a new object can change.
   *
   * @default - the ones that the provider knows
   */
  readonly replaceOnChanges?: readonly string[];
  /**
   * Property paths whose differences are left alone.
   *
   * @default []
   */
  readonly ignoreChanges?: readonly string[];
  /**
   * Whether the old object goes before the new one comes.
   *
   * @default - as the provider says
   */
  readonly deleteBeforeReplace?: boolean;
  /**
   * Outputs that the state keeps encrypted, beside those that secret inputs make so.
   *
   * @default []
   */
  readonly secretOutputs?: readonly string[];
  /**
   * Whether the outputs are wanted: the whole object as the cluster has it, which takes longer to read than to ask for.
   *
   * @default false
   */
  readonly wantsOutputs?: boolean;
}

/** What the engine answers: who the resource is, and its outputs where they are asked for. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  /** Undefined unless `wantsOutputs`. */
  readonly outputs: Struct | undefined;
  /** The engine was told to leave it out. */
  readonly skipped: boolean;
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
  const monitor = getMonitor();
  if (monitor === undefined)
    throw new Error("there is no Pulumi engine; run 'pulumi up' or 'beamline up'");
  const request = new RegisterResourceRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setParent(parent);
  request.setCustom(true);
  request.setObject(Struct.fromJavaScript(resource.inputs));
  request.setDependenciesList([...resource.dependsOn]);
  // Said for every property, that it depends on no other resource: left unsaid, the engine takes all of them to depend on all
  // of `dependsOn`, and replaces a claim because its storage class is replaced.
  const properties = request.getPropertydependenciesMap();
  for (const property of Object.keys(resource.inputs)) {
    properties.set(property, new RegisterResourceRequest.PropertyDependencies());
  }
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
  request.setSupportsresultreporting(true);
  request.setAliasesList((resource.formerUrns ?? []).map((urn) => new Alias().setUrn(urn)));
  return new Promise((resolve, reject) => {
    const answered: requestCallback<RegisterResourceResponse> = (error, response) => {
      const result = response?.getResult();
      if (error === null && response !== undefined && result !== Result.FAIL) {
        const skipped = result === Result.SKIP;
        const outputs = response.getObject();
        resolve({ urn: response.getUrn(), id: response.getId(), outputs, skipped });
      } else {
        reject(
          new Error(
            `${resource.name}: ${error?.details ?? error?.message ?? 'the engine could not deploy it'}`,
          ),
        );
      }
    };
    if (resource.wantsOutputs === true || !(monitor instanceof Client))
      monitor.registerResource(request, answered);
    else monitor.makeUnaryRequest(METHOD, serialized, withoutOutputs, request, answered);
  });
}

const METHOD = '/pulumirpc.ResourceMonitor/RegisterResource';

function serialized(request: RegisterResourceRequest): Buffer {
  return Buffer.from(request.serializeBinary());
}

/** The engine's answer without the outputs (`RegisterResourceResponse` in `pulumi/proto/resource.proto`). */
function withoutOutputs(bytes: Buffer): RegisterResourceResponse {
  const response = new RegisterResourceResponse();
  const reader = new BinaryReader(new Uint8Array(bytes));
  while (reader.nextField()) {
    switch (reader.getFieldNumber()) {
      case 1:
        response.setUrn(reader.readString());
        break;
      case 2:
        response.setId(reader.readString());
        break;
      case 7:
        response.setResult(RESULTS.get(reader.readEnum()) ?? Result.FAIL);
        break;
      default:
        reader.skipField();
    }
  }
  return response;
}

const RESULTS = new Map<number, Result>(
  [Result.SUCCESS, Result.FAIL, Result.SKIP].map((result) => [result, result]),
);
