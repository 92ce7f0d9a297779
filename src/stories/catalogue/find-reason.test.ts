import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '../../../test/read-record.ts';
import { listScenarios } from '../../../test/read-recording.ts';
import { explainReason, findReason, REASONS } from './find-reason.ts';

/** From the distribution that one of the recordings was made with, not from Kubernetes. */
const FOREIGN = ['KubeAPIReadyz'];

function say(reason: string, message: string, kind = 'Pod', component = 'kubelet', type = 'Warning') {
  return {
    reason,
    message,
    type,
    involvedObject: { kind },
    source: { component, host: '' },
    reportingController: '',
  };
}

test('findReason knows every reason of every recording when both versions are read', () => {
  const recordings = [
    ...listScenarios().map((scenario) => `${scenario}/events-core-v1.jsonl`),
    'v1.20/x-expiry/watch.jsonl',
  ];
  const events = recordings.flatMap((path) => readRecord(path)).map((record) => record.event);
  const unknown = new Set(
    events.filter((event) => findReason(event) === undefined).map((event) => event.reason),
  );
  assert.deepEqual(
    [...unknown].filter((reason) => reason !== '' && !FOREIGN.includes(reason)),
    [],
  );
  assert.ok(new Set(events.map((event) => event.reason)).size > 40);
});

/**
 * What Kubernetes' own components send, by where it is told: lists of `events` packages and calls of recorders, Kubernetes 1.20.2 to 1.36.2.
 * `SOURCE: REASON…`; what a cloud's, a driver's or an add-on's code sends is not here.
 */
const SENT = `
pkg/kubelet/events: Created Started Failed Killing Preempting BackOff ExceededGracePeriod FailedKillPod FailedCreatePodContainer NetworkNotReady
  Pulling Pulled InspectFailed ErrImageNeverPull NodeReady NodeNotReady NodeSchedulable NodeNotSchedulable Starting KubeletSetupFailed
  FailedAttachVolume FailedMount VolumeResizeFailed VolumeResizeSuccessful FileSystemResizeFailed FileSystemResizeSuccessful FailedMapVolume
  AlreadyMountedVolume SuccessfulAttachVolume SuccessfulMountVolume Rebooted ContainerGCFailed ImageGCFailed FailedNodeAllocatableEnforcement
  NodeAllocatableEnforced SandboxChanged FailedCreatePodSandBox FailedPodSandBoxStatus FailedMountOnFilesystemMismatch InvalidDiskCapacity
  FreeDiskSpaceFailed Unhealthy ProbeWarning FailedSync FailedValidation FailedPostStartHook FailedPreStopHook FailedPrepareDynamicResources
  PossibleMemoryBackedVolumesOnDisk CgroupV1 ResizeStarted ResizeCompleted ResizeError ResizeDeferred ResizeInfeasible
pkg/kubelet: SystemOOM Shutdown CheckLimitsForResolvConf MissingClusterDNS DNSConfigForming HostIPsIPFamilyMismatch InvalidEnvironmentVariableNames
  FailedToRetrieveImagePullSecret LifecycleHTTPFallback VolumeConditionAbnormal CertificateExpired CertificateOverdueForRefresh
  NodeHasSufficientMemory NodeHasInsufficientMemory NodeHasNoDiskPressure NodeHasDiskPressure NodeHasSufficientPID NodeHasInsufficientPID
  EvictionThresholdMet Evicted
pkg/kubelet/lifecycle: OutOfcpu OutOfmemory OutOfephemeral-storage OutOfpods NodeAffinity NodePorts NodeName TaintToleration UnexpectedAdmissionError
  TopologyAffinityError SMTAlignmentError NodeShutdown SysctlForbidden AppArmor PodOSNotSupported PodOSSelectorNodeLabelDoesNotMatch
pkg/proxy: Starting FailedToStartProxierHealthcheck FailedToStartServiceHealthcheck
pkg/scheduler: Scheduled FailedScheduling Preempted
pkg/controller/deployment: ScalingReplicaSet ReplicaSetCreateError SelectingAll DeploymentRollback DeploymentRollbackRevisionNotFound
  DeploymentRollbackTemplateUnchanged
pkg/controller: SuccessfulCreate FailedCreate SuccessfulDelete FailedDelete
pkg/controller/statefulset: RecreatingFailedPod RecreatingTerminatedPod SuccessfulUpdate FailedUpdate
pkg/controller/daemon: SelectingAll FailedPlacement FailedDaemonPod SucceededDaemonPod
pkg/controller/job: Completed BackoffLimitExceeded DeadlineExceeded PodFailurePolicy FailedIndexes MaxFailedIndexesExceeded Suspended Resumed
  TooManyActivePods TooManySucceededPods UnknownCompletionMode
pkg/controller/cronjob: SawCompletedJob UnexpectedJob MissingJob JobAlreadyActive MissSchedule TooManyMissedTimes FailedNeedsStart UnparseableSchedule
  UnParseableCronJobSchedule InvalidSchedule UnknownTimeZone UnsupportedSchedule FailedGet
pkg/controller/podautoscaler: SuccessfulRescale FailedRescale FailedGetScale FailedGetResourceMetric FailedGetContainerResourceMetric
  FailedGetPodsMetric FailedGetObjectMetric FailedGetExternalMetric FailedComputeMetricsReplicas FailedConvertHPA FailedUpdateStatus
  SelectorRequired InvalidSelector AmbiguousSelector InvalidMetricSourceType
pkg/controller/disruption: NoPods NoControllers CalculateExpectedPodCountFailed UnmanagedPods
pkg/controller/endpoint: FailedToCreateEndpoint FailedToUpdateEndpoint
pkg/controller/endpointslice: FailedToUpdateEndpointSlices FailedToListPods FailedToListEndpointSlices TopologyAwareHintsEnabled
  TopologyAwareHintsDisabled TooManyAddressesToMirror InvalidIPAddress
pkg/controller/nodelifecycle: RegisteredNode RemovingNode DeletingAllPods TerminatingEvictedPod NodeControllerEviction NodeNotReady
pkg/controller/nodeipam: CIDRNotAvailable CIDRAssignmentFailed
pkg/controller/tainteviction: TaintManagerEviction
pkg/controller/devicetainteviction: DeviceTaintManagerEviction
pkg/controller/garbagecollector: OwnerRefInvalidNamespace
pkg/controller/resourceclaim: FailedResourceClaimCreation
pkg/controller/volume: FailedBinding VolumeMismatch VolumeFailedRecycle VolumeRecycled RecyclerPod VolumeDelete VolumeFailedDelete ExternalProvisioning
  ProvisioningFailed ProvisioningCleanupFailed ProvisioningSucceeded WaitForFirstConsumer WaitForPodScheduled ExternalExpanding FailedDetachVolume
  SELinuxLabelConflict SELinuxChangePolicyConflict MultipleSELinuxLabels
pkg/registry/core/service: ClusterIPNotAllocated ClusterIPAlreadyAllocated ClusterIPOutOfRange ClusterIPNotValid ServiceCIDRFull PortNotAllocated
  PortAlreadyAllocated PortOutOfRange PortRangeFull IPAddressNotAllocated IPAddressWrongReference
cloud-provider: EnsuringLoadBalancer EnsuredLoadBalancer SyncLoadBalancerFailed UpdatedLoadBalancer UpdateLoadBalancerFailed UnAvailableLoadBalancer
  DeletingLoadBalancer DeletedLoadBalancer DeleteLoadBalancerFailed Type ExternalIP LoadbalancerIP ExternalTrafficPolicy FailedToCreateRoute DeletingNode
client-go/tools/leaderelection: LeaderElection
`;

test('REASONS explains every reason that the components of Kubernetes send', () => {
  const known = new Set(REASONS.map(({ reason }) => reason));
  const sent = SENT.replace(/^\S+:/gm, '').trim().split(/\s+/);
  assert.deepEqual(
    sent.filter((reason) => !known.has(reason)),
    [],
  );
  assert.ok(new Set(sent).size > 180, String(new Set(sent).size));
});

test('REASONS has no entry that another hides', () => {
  for (const [index, entry] of REASONS.entries()) {
    const hidden = REASONS.slice(0, index).find(
      (other) =>
        other.reason === entry.reason &&
        other.when === undefined &&
        (other.kinds === undefined || (entry.kinds?.every((kind) => other.kinds?.includes(kind)) ?? false)) &&
        (other.from === undefined || (entry.from?.every((from) => other.from?.includes(from)) ?? false)),
    );
    assert.equal(hidden, undefined, `${entry.reason}: "${entry.means}" is hidden by "${hidden?.means}"`);
  }
});

test('REASONS says in a sentence what each means, and names the failure of what fails', () => {
  for (const entry of REASONS) {
    assert.match(entry.means, /^\S.*[.]$/, entry.reason);
    assert.equal(entry.does === 'fails', entry.failure !== undefined, entry.reason);
    assert.ok(entry.does === undefined || entry.topic !== undefined, entry.reason);
    assert.doesNotMatch(
      (entry.next ?? '').replace(/\{(namespace|name|kind|container|host)\}/g, ''),
      /[{}]/,
      entry.reason,
    );
  }
});

test('findReason tells the meanings of one reason apart when its messages do', () => {
  assert.equal(findReason(say('BackOff', 'Back-off pulling image "example"'))?.failure, 'image-pull');
  assert.equal(findReason(say('BackOff', 'Back-off restarting failed container'))?.failure, 'crash-loop');
  assert.equal(
    findReason(say('Failed', 'Error: configmap "no-such-config" not found'))?.failure,
    'config-missing',
  );
  assert.equal(
    findReason(say('Failed', "Error: couldn't find key no-such-key in ConfigMap shop/config"))?.failure,
    'config-missing',
  );
  assert.equal(findReason(say('Failed', 'Error: ErrImagePull'))?.echo, true);
  assert.equal(
    findReason(say('NodeNotReady', 'Node is not ready', 'Pod', 'node-controller'))?.severity,
    'warning',
  );
  assert.equal(
    findReason(say('NodeNotReady', 'Node node-1 status is now: NodeNotReady', 'Node', 'node-controller'))
      ?.severity,
    'error',
  );
});

test('explainReason goes by words and type when a reason is unknown', () => {
  const failed = explainReason(say('FrobFailed', 'no', 'Frob', 'frob-controller'));
  const done = explainReason(say('FrobSucceeded', 'yes', 'Frob', 'frob-controller', 'Normal'));
  assert.deepEqual([failed.does, failed.severity, failed.over], ['fails', 'warning', 'quiet']);
  assert.deepEqual([done.does, done.topic], ['ends', failed.topic]);
  assert.equal(explainReason(say('SuccessfulFrob', '', 'Frob', '', 'Normal')).topic, failed.topic);
  assert.equal(explainReason(say('Frobbing', '', 'Frob', '', 'Normal')).does, 'begins');
  assert.equal(explainReason(say('Noted', '', 'Frob', '', 'Normal')).does, undefined);
  assert.equal(explainReason(say('Noted', '', 'Frob', '')).does, 'fails');
  assert.equal(explainReason(say('NotAllowed', '', 'Frob', '', 'Error')).severity, 'info');
});
