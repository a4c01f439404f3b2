import type { Site } from './site';

/** Longest that one step of a story may take. */
export const LIMIT_MS = 300_000;

const broken = new Set<Site>();

/**
 * A step of a story against the cluster. When it fails, what the cluster has and what happened there is
 * printed, and the steps after it are not tried.
 */
export function scenario(site: () => Site, sentence: string, steps: () => Promise<void>): void {
  test(
    sentence,
    async () => {
      if (broken.has(site())) throw new Error('an earlier step of this story failed');
      try {
        await steps();
      } catch (error) {
        broken.add(site());
        process.stderr.write(`\n'${sentence}' failed\n${await site().describe()}\n`);
        throw error;
      }
    },
    LIMIT_MS,
  );
}
