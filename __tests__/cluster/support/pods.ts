/** What tests read of a pod. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly ports?: readonly { readonly containerPort: number }[] }[] };
  readonly status: {
    readonly podIP: string;
    readonly hostIP: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: Record<string, { readonly reason?: string; readonly message?: string }>;
    }[];
  };
}

export interface List<T> {
  readonly items: readonly T[];
}

export function isReady({ status, metadata }: Pod): boolean {
  return metadata.deletionTimestamp === undefined &&
    (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}
