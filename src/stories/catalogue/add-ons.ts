import type { Reason } from './reason.ts';

const NODE = ['Node'];
const DESCRIBE = 'kubectl -n {namespace} describe {kind}/{name}';
const DESCRIBE_NODE = 'kubectl describe node {name}';
const note = (reason: string, means: string, kinds?: readonly string[]): Reason => ({
  reason,
  ...(kinds === undefined ? {} : { kinds }),
  means,
  severity: 'info',
});
const problem = (reason: string, means: string): Reason => ({
  reason,
  kinds: NODE,
  means,
  severity: 'warning',
  topic: 'node-setup',
  does: 'fails',
  failure: 'node-problem',
  over: 'quiet',
  next: DESCRIBE_NODE,
});
const badScaler = (reason: string, means: string): Reason => ({
  reason,
  means,
  severity: 'error',
  topic: 'metrics',
  does: 'fails',
  failure: 'scaler-failed',
  over: 'quiet',
  next: DESCRIBE,
});

const badStore = (reason: string): Reason => ({
  reason,
  kinds: ['SecretStore', 'ClusterSecretStore'],
  means: 'The SecretStore is not set up rightly: what is kept there cannot be fetched.',
  severity: 'error',
  topic: 'sync',
  does: 'fails',
  failure: 'sync-failed',
  next: DESCRIBE,
});

/**
 * Common add-ons: node-problem-detector 0.8, AWS Load Balancer Controller 2.11 (and others that share its words), KEDA 2.16, External Secrets
 * 0.14, vertical-pod-autoscaler 1.3, descheduler 0.32, CSI external-resizer 1.13, k3s' own deployer 1.32, Multus 4.
 */
export const ADD_ONS: readonly Reason[] = [
  // node-problem-detector
  problem('OOMKilling', 'The kernel ended a process of the Node because memory ran out.'),
  problem('KernelOops', 'The Node’s kernel reported a fault of its own.'),
  problem('TaskHung', 'A process of the Node has been stuck in the kernel for minutes.'),
  problem('KernelDeadlock', 'The Node’s kernel is stuck.'),
  problem('ReadonlyFilesystem', 'A file system of the Node can only be read any more.'),
  problem('FilesystemIsReadOnly', 'A file system of the Node can only be read any more.'),
  problem('DockerHung', 'The Node’s container runtime hangs.'),
  problem('CorruptDockerImage', 'An image on the Node is damaged.'),
  problem('CorruptDockerOverlay2', 'The container runtime’s storage on the Node is damaged.'),
  problem('UnregisterNetDevice', 'The Node’s kernel cannot give a network device back.'),
  problem('FrequentKubeletRestart', 'The Node’s kubelet is restarted again and again.'),
  problem('FrequentContainerdRestart', 'The Node’s containerd is restarted again and again.'),
  problem('FrequentDockerRestart', 'The Node’s Docker is restarted again and again.'),
  problem('NTPIsDown', 'The Node’s clock is not kept in time.'),

  // load balancers
  {
    reason: 'SuccessfullyReconciled',
    means: 'The load balancer is as it should be.',
    severity: 'info',
    topic: 'balancer',
    does: 'ends',
  },
  ...['FailedBuildModel', 'FailedDeployModel', 'FailedAddFinalizer', 'FailedLoadConfig'].map(
    (reason): Reason => ({
      reason,
      means: 'The load balancer could not be brought to what is asked for.',
      severity: 'error',
      topic: 'balancer',
      does: 'fails',
      failure: 'load-balancer-failed',
      next: DESCRIBE,
    }),
  ),
  {
    reason: 'BackendNotFound',
    means: 'A Service that the load balancer shall send to is not there.',
    severity: 'error',
    topic: 'balancer',
    does: 'fails',
    failure: 'load-balancer-failed',
    over: 'quiet',
    next: DESCRIBE,
  },

  // KEDA
  {
    reason: 'KEDAScalersStarted',
    means: 'KEDA watches what the workload is scaled by.',
    severity: 'info',
    topic: 'metrics',
    does: 'ends',
  },
  {
    reason: 'ScaledObjectReady',
    means: 'The ScaledObject works.',
    severity: 'info',
    topic: 'metrics',
    does: 'ends',
  },
  badScaler('KEDAScalerFailed', 'What the workload is scaled by could not be read.'),
  badScaler('KEDAMetricSourceFailed', 'What the workload is scaled by could not be read.'),
  badScaler('ScaledObjectCheckFailed', 'The ScaledObject is not valid, or its target is not there.'),
  badScaler('ScaledJobCheckFailed', 'The ScaledJob is not valid.'),
  badScaler('KEDAScaleTargetActivationFailed', 'KEDA could not scale the workload up from zero.'),
  badScaler('KEDAScaleTargetDeactivationFailed', 'KEDA could not scale the workload to zero.'),
  note('KEDAScaleTargetActivated', 'KEDA scaled the workload up from zero.'),
  note('KEDAScaleTargetDeactivated', 'KEDA scaled the workload to zero.'),
  note('KEDAJobsCreated', 'KEDA made Jobs.'),

  // External Secrets
  {
    reason: 'UpdateFailed',
    kinds: ['ExternalSecret', 'PushSecret', 'ClusterExternalSecret'],
    means: 'The Secret could not be fetched from where it is kept.',
    severity: 'error',
    topic: 'sync',
    does: 'fails',
    failure: 'sync-failed',
    next: DESCRIBE,
  },
  {
    reason: 'Updated',
    kinds: ['ExternalSecret', 'PushSecret'],
    means: 'The Secret was fetched from where it is kept.',
    severity: 'info',
    topic: 'sync',
    does: 'ends',
  },

  {
    ...badStore('ValidationFailed'),
    means: 'The SecretStore does not work: what is kept there cannot be fetched.',
  },
  {
    reason: 'Valid',
    kinds: ['SecretStore', 'ClusterSecretStore'],
    means: 'The SecretStore works.',
    severity: 'info',
    topic: 'sync',
    does: 'ends',
  },
  badStore('InvalidProviderConfig'),
  badStore('InvalidStoreConfiguration'),

  // Kyverno: what a policy blocks is told by whoever asked for it; the rest is on the record only
  {
    reason: 'PolicyViolation',
    means: 'The object is not as a policy of Kyverno wants it.',
    severity: 'notice',
  },

  // OpenShift’s kubelet: the same as Unhealthy, with the answer’s body
  {
    reason: 'ProbeError',
    kinds: ['Pod'],
    means: 'The container did not answer a probe.',
    severity: 'notice',
    echo: true,
    rank: 11,
  },

  // GKE’s Ingress controller
  {
    reason: 'Translate',
    kinds: ['Ingress'],
    means: 'The load balancer could not be brought to what the Ingress asks for.',
    severity: 'error',
    topic: 'balancer',
    does: 'fails',
    failure: 'load-balancer-failed',
    over: 'quiet',
    next: DESCRIBE,
  },

  // what moves Pods for other reasons than need
  {
    reason: 'EvictedByVPA',
    kinds: ['Pod'],
    means: 'The vertical autoscaler ended the Pod to have it made anew with other resources.',
    severity: 'notice',
    topic: 'disruption',
    does: 'fails',
    failure: 'evicted',
    rank: 12,
  },
  {
    reason: 'EvictedPod',
    means: 'The vertical autoscaler ended a Pod to have it made anew with other resources.',
    severity: 'notice',
  },
  {
    reason: 'InPlaceResizedByVPA',
    kinds: ['Pod'],
    means: 'The vertical autoscaler changed the resources of the running Pod.',
    severity: 'info',
  },
  {
    reason: 'Descheduled',
    kinds: ['Pod'],
    means: 'The descheduler ended the Pod to have it placed better.',
    severity: 'notice',
    topic: 'disruption',
    does: 'fails',
    failure: 'evicted',
    rank: 12,
  },

  // changing a volume's attributes
  {
    reason: 'VolumeModify',
    means: 'The attributes of the volume are being changed.',
    severity: 'info',
    topic: 'volume-resize',
    does: 'begins',
  },
  {
    reason: 'VolumeModifySuccessful',
    means: 'The attributes of the volume were changed.',
    severity: 'info',
    topic: 'volume-resize',
    does: 'ends',
  },
  {
    reason: 'VolumeModifyFailed',
    means: 'The attributes of the volume could not be changed.',
    severity: 'error',
    topic: 'volume-resize',
    does: 'fails',
    failure: 'volume-modify-failed',
    next: 'kubectl -n {namespace} describe pvc {name}',
  },

  // k3s
  {
    reason: 'ApplyingManifest',
    kinds: ['Addon'],
    means: 'k3s brings a manifest of its server’s folder to the cluster.',
    severity: 'info',
    topic: 'sync',
    does: 'begins',
  },
  {
    reason: 'AppliedManifest',
    kinds: ['Addon'],
    means: 'k3s brought a manifest of its server’s folder to the cluster.',
    severity: 'info',
    topic: 'sync',
    does: 'ends',
  },
  note('AddedInterface', 'The Pod got a network interface.', ['Pod']),
];
