import { daskRules } from "./rules/dask";
import { deliveryRules } from "./rules/delivery";
import { namespaceRules } from "./rules/namespace";
import { networkRules } from "./rules/network";
import { podRules } from "./rules/pods";
import { redisRules } from "./rules/redis";
import { secretRules } from "./rules/secrets";
import { wiringRules } from "./rules/wiring";
import { synth } from "./support/synth";

const rules = {
  pods: podRules,
  delivery: deliveryRules,
  wiring: wiringRules,
  network: networkRules,
  namespace: namespaceRules,
  secrets: secretRules,
  redis: redisRules,
  dask: daskRules,
};

const platform = synth();
const exposed = synth({ FRONTEND_SERVICE_TYPE: "LoadBalancer", JUPYTER_SERVICE_TYPE: "NodePort", WORKERS: "1", FRONTENDS: "5" });

describe.each(Object.entries(rules))("%s", (_, group) => {
  describe.each(group)("$promise", ({ check, mutants }) => {
    test("holds", () => {
      expect(check(platform)).toEqual([]);
    });

    test("holds in another configuration", () => {
      expect(check(exposed)).toEqual([]);
    });

    test.each(Object.entries(mutants))("is seen broken: %s", (_name, mutate) => {
      const mutant = platform.copy();
      mutate(mutant);
      expect(mutant).not.toEqual(platform);
      expect(check(mutant)).not.toEqual([]);
    });
  });
});
