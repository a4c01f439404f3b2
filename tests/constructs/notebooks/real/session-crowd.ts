import { join } from 'node:path';

import { z } from 'zod';

import { SESSION_PORT } from '../../../../constructs/notebooks/session-pods';
import { until } from '../../../integration/support/processes';
import { Program } from '../../analysis/real/program';

const seen = z.record(z.string(), z.number());

/** Where the sessions of a crowd run. */
export interface CrowdPlace {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly python: string;
  readonly folder: string;
  /** The one of all sessions. */
  readonly address: string;
}

/** One process that stands in for all sessions, where one each would not fit on this machine. */
export class SessionCrowd {
  private constructor(
    private readonly program: Program,
    private readonly url: string,
  ) {}

  static async start(place: CrowdPlace): Promise<SessionCrowd> {
    const { kubeconfig, namespace, python, folder, address } = place;
    const args = [kubeconfig, namespace, address, String(SESSION_PORT)];
    const program = Program.start(python, [join(__dirname, 'crowd.py'), ...args], {}, folder);
    const crowd = new SessionCrowd(program, `http://${address}:${SESSION_PORT}/crowd`);
    const answers = (): Promise<boolean> =>
      crowd.seen().then(
        () => true,
        () => false,
      );
    await until(answers, 'what stands in for sessions never answered', 60_000).catch(
      async (error: unknown) => {
        await crowd.stop();
        throw new Error(`${String(error)}\n${program.log}`);
      },
    );
    return crowd;
  }

  /** When each pod was first seen running, in milliseconds since 1970. */
  async seen(): Promise<ReadonlyMap<string, number>> {
    const answer = seen.parse(await (await fetch(this.url)).json());
    return new Map(Object.entries(answer).map(([pod, seconds]) => [pod, seconds * 1000]));
  }

  /** Lets no session answer until `proceed`. */
  halt(): void {
    process.kill(this.program.pid, 'SIGSTOP');
  }

  proceed(): void {
    process.kill(this.program.pid, 'SIGCONT');
  }

  /** The kinds of lines that it printed, without names and numbers: it is silent where nothing goes wrong. */
  complaints(): string[] {
    const kinds = this.program.log.split('\n').map((line) => line.replaceAll(/\d+/g, '0').trim());
    return [...new Set(kinds)].filter((line) => line !== '');
  }

  /** What it printed last. */
  logs(): string {
    return this.program.log.slice(-3000);
  }

  async stop(): Promise<void> {
    await this.program.stop();
  }
}
