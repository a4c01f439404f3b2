import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { isGrpcError } from '@pulumi/pulumi/errors';
import { error as tell } from '@pulumi/pulumi/log';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb';
import {
  GetRequiredPluginsResponse,
  RunResponse,
  type GetRequiredPluginsRequest,
  type RunRequest,
} from '@pulumi/pulumi/proto/language_pb';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { setAllConfig } from '@pulumi/pulumi/runtime/config';
import { disconnect, disconnectSync, resetOptions } from '@pulumi/pulumi/runtime/settings';
import { runInPulumiStack } from '@pulumi/pulumi/runtime/stack';
import type { Empty } from 'google-protobuf/google/protobuf/empty_pb';

/** A program that waits to be run by the engine. */
export interface HostedProgram {
  /** Where the engine reaches it: `127.0.0.1:<port>`. */
  readonly address: string;
  end(): void;
}

/**
 * Offers a program of this process to the engine, as the Automation API does with its inline programs: no second process has to start, load
 * the environment and plan it again. Serves `pulumi/proto/language.proto` for as long as an engine of ours runs; loopback alone.
 */
export async function hostProgram(program: () => Promise<void>): Promise<HostedProgram> {
  let ended = false;
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(LanguageRuntimeService, {
    getRequiredPlugins: (
      _: ServerUnaryCall<GetRequiredPluginsRequest, GetRequiredPluginsResponse>,
      answer: sendUnaryData<GetRequiredPluginsResponse>,
    ) => {
      // Each resource names its provider's version.
      answer(null, new GetRequiredPluginsResponse());
    },
    getPluginInfo: (_: ServerUnaryCall<Empty, PluginInfo>, answer: sendUnaryData<PluginInfo>) => {
      answer(null, new PluginInfo().setVersion('1.0.0'));
    },
    run: (
      { request }: ServerUnaryCall<RunRequest, RunResponse>,
      answer: sendUnaryData<RunResponse>,
    ) => {
      const tellEngine = async (problem: string): Promise<void> => {
        if (!ended) await tell(problem);
      };
      run(program, request, tellEngine).then(
        (response) => {
          answer(null, response);
        },
        // The engine is gone, or this answer is its only word of it.
        (error: unknown) => {
          answer({ details: error instanceof Error ? error.message : String(error) });
        },
      );
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  process.on('unhandledRejection', ofEngineGone);
  return {
    address: `127.0.0.1:${port}`,
    end: () => {
      ended = true;
      server.forceShutdown();
      disconnectSync();
      process.off('unhandledRejection', ofEngineGone);
    },
  };
}

/** When the engine ends in the middle, the SDK leaves what it was just saying to nobody. Whoever started the engine knows of its end. */
function ofEngineGone(reason: unknown): void {
  if (!(reason instanceof Error && isGrpcError(reason))) throw reason;
}

async function run(
  program: () => Promise<void>,
  request: RunRequest,
  tellEngine: (problem: string) => Promise<void>,
): Promise<RunResponse> {
  resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    request.getArgsList()[0] ?? '',
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  setAllConfig(
    Object.fromEntries(request.getConfigMap().getEntryList()),
    request.getConfigsecretkeysList(),
  );
  const failures: unknown[] = [];
  // What the SDK sees fail, it leaves to nobody, which ends a process. It sees no failure.
  await runInPulumiStack(async () => {
    try {
      await program();
    } catch (error) {
      failures.push(error);
    }
  });
  for (const failure of failures)
    await tellEngine(failure instanceof Error ? failure.message : String(failure));
  await disconnect(failures.length === 0);
  // The engine was told why, and needs no words of its own.
  return new RunResponse().setBail(failures.length > 0);
}
