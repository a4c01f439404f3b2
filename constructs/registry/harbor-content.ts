import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { generatedSecret, secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { harborObject, type HarborKind } from './api-object';
import { contentProblems } from './content-problems';
import type { HarborContentProps, HarborProject, HarborRobot, Replication } from './content-props';
import { pullProblems, withPulls } from './pull-rights';
import { pullSecret, robotToken } from './pull-secret';

/**
 * What is inside a Harbor: projects with members, quotas, robots and rules, caches of other registries, and copies to and from
 * them. It is made through Harbor's API once Harbor runs, read back, and changed when it differs.
 */
export class HarborContent extends Construct {
  private readonly api: Construct;
  private readonly part: Part;
  private readonly registries = new Map<string, ApiObject>();
  private readonly wanted: { readonly robot: string; readonly namespace: string }[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: HarborContentProps,
  ) {
    super(scope, id);
    const { projects, pulls = [] } = props;
    rejectInvalid(this, [...contentProblems(props), ...pullProblems(projects, pulls)]);

    this.part = props.harbor.part;
    this.api = new Construct(this, 'Api');
    this.api.node.addDependency(props.harbor);
    this.addRegistries();
    for (const [name, project] of Object.entries(withPulls(projects, pulls))) {
      this.addProject(name, project);
    }
    for (const [name, replication] of Object.entries(props.replications ?? {})) {
      this.addReplication(name, replication);
    }
    this.node.addValidation({ validate: () => this.missingNamespaces() });
  }

  private add(kind: HarborKind, name: string, spec: Readonly<Record<string, unknown>>): ApiObject {
    const { part } = this;
    const { connection } = this.props.harbor;
    return harborObject(this.api, { kind, name, part, connection, spec });
  }

  private addRegistries(): void {
    for (const [name, { type, url, login }] of Object.entries(this.props.registries ?? {})) {
      const password = login === undefined ? '' : secretToken(login.password);
      const spec = { name, type, url, user: login?.user ?? '', password };
      this.registries.set(name, this.add('HarborRegistry', name, spec));
    }
  }

  private addProject(name: string, project: HarborProject): void {
    const made = this.add('HarborProject', name, {
      name,
      public: project.public ?? false,
      quotaGiB: project.quotaGiB === 'unlimited' ? -1 : project.quotaGiB,
      cacheOf: project.cacheOf ?? '',
      scanOnPush: project.scanOnPush ?? true,
      refuseFrom: project.refuseFrom ?? 'none',
    });
    const upstream = this.registries.get(project.cacheOf ?? '');
    if (upstream !== undefined) made.node.addDependency(upstream);
    const inside = (
      kind: HarborKind,
      what: string,
      spec: Readonly<Record<string, unknown>>,
    ): void => {
      this.add(kind, `${name}.${what}`, { project: name, ...spec }).node.addDependency(made);
    };
    for (const { who, role } of project.members ?? []) {
      const [kind, member] = 'group' in who ? ['group', who.group] : ['user', who.user];
      inside('HarborMember', `${kind}.${plain(member)}`, {
        kind,
        who: member,
        people: this.props.harbor.people,
        role,
      });
    }
    for (const [robot, props] of Object.entries(project.robots ?? {})) {
      inside('HarborRobot', robot, this.robotSpec(name, robot, props));
    }
    if (project.retention !== undefined) {
      const { schedule, keep } = project.retention;
      inside('HarborRetention', 'retention', { schedule, keep });
    }
  }

  /** The token is ours: Harbor is told it, and so it can stand in Secrets of the same deployment. */
  private robotSpec(
    project: string,
    robot: string,
    props: HarborRobot,
  ): Readonly<Record<string, unknown>> {
    const { host, part } = this.props.harbor;
    const rotation = props.rotation ?? 0;
    const token = generatedSecret(`${part.instance}/robot/${slug(project)}/${slug(robot)}`, {
      rotation,
    });
    for (const namespace of props.pullSecretsIn) {
      this.wanted.push({ robot: `${project}.${robot}`, namespace });
      pullSecret(this, {
        name: `pull-${slug(project)}-${slug(robot)}`,
        namespace,
        part,
        host,
        account: `robot$${project}+${robot}`,
        token,
      });
    }
    return {
      name: robot,
      may: [...props.may].sort(),
      days: props.days === undefined || props.days === 'never' ? -1 : props.days,
      token: robotToken(token),
    };
  }

  private addReplication(name: string, { when, ...replication }: Replication): void {
    const schedule = typeof when === 'object' ? when.schedule : '';
    const made = this.add('HarborReplication', name, {
      name,
      ...replication,
      when: typeof when === 'object' ? 'scheduled' : when,
      schedule,
    });
    const other = this.registries.get(replication.registry);
    if (other !== undefined) made.node.addDependency(other);
  }

  private missingNamespaces(): string[] {
    const there = this.node.root.node
      .findAll()
      .filter((construct) => ApiObject.isApiObject(construct))
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ name }) => name);
    return this.wanted
      .filter(({ namespace }) => !there.includes(namespace))
      .map(
        ({ robot, namespace }) =>
          `robot '${robot}' is to have its token in namespace '${namespace}', which nothing in the plan makes; there are ${there.sort().join(', ')}`,
      );
  }
}

/** For names of objects: what is in a distinguished name is not allowed there. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

function slug(text: string): string {
  return text.replaceAll(/[._]/g, '-');
}
