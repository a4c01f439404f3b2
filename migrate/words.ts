import type { BackStep, ForwardStep } from './record';

/** What is being done, for people, while a step is under way. */
export const WORDS: Readonly<Record<ForwardStep | BackStep, string>> = {
  recorded: 'writing down what there is',
  surveyed: 'looking at its files',
  'target-made': 'making the new claim',
  'first-copied': 'first copy, while its workloads run',
  stopped: 'stopping its workloads',
  'last-copied': 'last copy',
  verified: 'comparing every file',
  retained: 'keeping both volumes',
  unbound: 'taking the claims off their volumes',
  rebound: 'giving the new volume to the claim',
  'templates-renewed': 'renewing the templates of its StatefulSets',
  started: 'starting its workloads',
  'turned-back': 'turning back',
  'copies-ended': 'ending copies',
  halted: 'stopping its workloads',
  'old-unbound': 'taking the claim off the new volume',
  'old-rebound': 'giving the old volume to the claim',
  'templates-restored': 'restoring the templates of its StatefulSets',
  restarted: 'starting its workloads',
};
