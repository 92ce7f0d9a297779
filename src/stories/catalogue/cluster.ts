import type { Reason } from './reason.ts';

const PDB = ['PodDisruptionBudget'];

/** Budgets, garbage collection, leaders. From pkg/controller/{disruption,garbagecollector} and client-go/tools/leaderelection, Kubernetes 1.20.2 to 1.36.2. */
export const CLUSTER: readonly Reason[] = [
  { reason: 'NoPods', kinds: PDB, means: 'The PodDisruptionBudget selects no Pods.', severity: 'notice' },
  {
    reason: 'UnmanagedPods',
    kinds: PDB,
    means: 'The PodDisruptionBudget selects Pods without a controller, so it cannot count them.',
    severity: 'notice',
  },
  {
    reason: 'CalculateExpectedPodCountFailed',
    means: 'The PodDisruptionBudget cannot tell how many Pods there should be, so it allows no eviction.',
    severity: 'warning',
    topic: 'disruption-budget',
    does: 'fails',
    failure: 'budget-failed',
    over: 'quiet',
    next: 'kubectl -n {namespace} describe pdb {name}',
  },
  {
    reason: 'NoControllers',
    kinds: PDB,
    means: 'The PodDisruptionBudget’s Pods have no controller that it knows.',
    severity: 'notice',
  },
  {
    reason: 'NoControllerRef',
    kinds: PDB,
    means: 'The PodDisruptionBudget’s Pods have no controller.',
    severity: 'notice',
  },
  {
    reason: 'OwnerRefInvalidNamespace',
    means: 'The object names an owner that is not in its namespace; the garbage collector will delete it.',
    severity: 'warning',
  },
  { reason: 'LeaderElection', means: 'Another replica of a component took the lead.', severity: 'info' },
];
