import type { ObjectId } from '../../objects/object.ts';
import type { Story, Trouble } from '../story.ts';
import { NO_NODES } from '../tell/read-scheduling.ts';
import { walkSteps } from '../tell/walk-steps.ts';

/** The command to type next about a finding: what mends it where that is plain, else what tells more. */
export function nextCommand(trouble: Trouble, story: Story, object: ObjectId): string {
  const inNamespace = object.namespace === '' ? 'kubectl' : `kubectl -n ${object.namespace}`;
  const pod = trouble.object.kind === 'Pod' ? trouble.object.name : '';
  const container = trouble.container === '' ? '' : ` -c ${trouble.container}`;
  const [subjectKind = '', subjectName = ''] = trouble.subject.split('/', 2);
  switch (trouble.failure) {
    case 'image-pull':
    case 'image-name':
    case 'image-never-pull':
      return canUndo(story)
        ? `${inNamespace} rollout undo ${typed(story.object)}`
        : `${inNamespace} describe ${typed(trouble.object)}`;
    case 'crash-loop':
    case 'crashed':
    case 'oom-killed':
      return pod === ''
        ? `${inNamespace} describe ${typed(object)}`
        : `${inNamespace} logs ${pod}${container}${isRestarted(trouble, story) ? ' --previous' : ''}`;
    case 'liveness-failing':
    case 'readiness-failing':
    case 'startup-failing':
      return `${inNamespace} logs ${pod}${container}`;
    case 'deadline-exceeded':
      // With a Job's deadline its Pods go, and their logs.
      return object.kind === 'Pod'
        ? `${inNamespace} logs ${object.name}`
        : `${inNamespace} describe ${typed(story.object)}`;
    case 'job-failed':
      return object.kind === 'Pod'
        ? `${inNamespace} logs ${object.name}`
        : `${inNamespace} ${hasPodsLeft(story) ? 'logs' : 'describe'} job/${story.object.name}`;
    case 'config-missing':
    case 'mount-failed':
    case 'service-account-missing':
      return subjectName === '' || !KINDS.has(subjectKind)
        ? `${inNamespace} describe ${typed(trouble.object)}`
        : `${inNamespace} get ${subjectKind.toLowerCase()}s`;
    case 'preempted':
      return trouble.related === undefined
        ? `${inNamespace} describe ${typed(object)}`
        : `kubectl -n ${trouble.related.namespace} describe ${typed(trouble.related)}`;
    case 'quota-exceeded':
      return `${inNamespace} describe resourcequota ${subjectName}`;
    case 'limit-range':
      return `${inNamespace} describe limitranges`;
    case 'volume-unbound':
      if (subjectKind === 'StorageClass') return 'kubectl get storageclasses';
      if (subjectKind === 'PersistentVolume') return 'kubectl get pv';
      return trouble.object.kind === 'Pod' && subjectName !== ''
        ? `${inNamespace} get pvc`
        : `${inNamespace} describe pvc ${subjectKind === 'PersistentVolumeClaim' ? subjectName : ''}`.trim();
    case 'unschedulable':
      if (/\bnodepool\b/.test(trouble.says)) return 'kubectl describe nodepools';
      return trouble.subject === NO_NODES ? 'kubectl get nodes' : 'kubectl describe nodes';
    case 'node-not-ready':
    case 'node-pressure':
    case 'node-oom':
      return `kubectl describe node ${trouble.object.kind === 'Node' ? trouble.object.name : ''}`.trim();
    case 'multi-attach':
    case 'attach-failed':
      return 'kubectl get volumeattachments';
    case 'metrics-missing':
      return /has no request for/.test(trouble.says)
        ? `${inNamespace} describe ${typed(trouble.object)}`
        : 'kubectl get apiservices | grep metrics';
    case 'admission-denied':
      return subjectKind === 'ValidatingAdmissionPolicy'
        ? `kubectl get validatingadmissionpolicy ${subjectName} -o yaml`
        : GET_WEBHOOKS;
    case 'webhook-unreachable':
      return findService(trouble.firstError);
    case 'rollout-stuck':
      return `${inNamespace} rollout status ${typed(story.object)}`;
    default:
      return trouble.next.startsWith('kubectl ')
        ? trouble.next
        : `${inNamespace} describe ${typed(trouble.object)}`;
  }
}

/** Whether a Job that failed left Pods to read the logs of: those that restart their containers it removes. */
function hasPodsLeft({ steps }: Story): boolean {
  const all = [...walkSteps(steps)].filter(({ object }) => object.kind === 'Job');
  const count = (wanted: string) => all.filter(({ reason }) => reason === wanted).length;
  return count('SuccessfulDelete') === 0 || count('SuccessfulCreate') > count('SuccessfulDelete');
}

/** A Job's Pod that ended once is most often not started again: another takes its place. */
function isRestarted({ failure, count }: Trouble, { kind }: Story): boolean {
  return kind !== 'run' || failure === 'crash-loop' || count > 1;
}

const GET_WEBHOOKS = 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations';

/** The Service that a webhook is called by, as in `Post "https://istiod.istio-system.svc:443/inject?timeout=10s"`. */
function findService(error: string): string {
  const [, name = '', namespace = ''] = /https:\/\/([a-z0-9-]+)\.([a-z0-9-]+)\.svc\b/.exec(error) ?? [];
  return name === ''
    ? GET_WEBHOOKS
    : `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`;
}

const KINDS: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'PersistentVolumeClaim',
]);

/** A rollout that a change began, and that left others running. */
function canUndo(story: Story): boolean {
  return story.kind === 'rollout' && story.object.kind === 'Deployment' && story.notes.length > 0;
}

function typed({ kind, name }: ObjectId): string {
  return `${kind.toLowerCase()}/${name}`;
}
