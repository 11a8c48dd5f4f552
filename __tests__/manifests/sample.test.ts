import { renderStack } from "../../tools/manifests/stack";
import { asStored } from "./support/api-server";
import { keyOf, live, sample, sampleValues } from "./support/fixtures";

const rendered = renderStack(sample, { values: sampleValues, fill: true });
/** Made by the StatefulSet's controller, not by Terraform. */
const made = live.filter((object) => keyOf(object) !== "PersistentVolumeClaim data-db-0");
/** The cluster's choice: from its default storage class, and from its range of ports. */
const allocated = (object: object): object => JSON.parse(JSON.stringify(object).replace(',"nodePort":30233', ""));

test("the sample's objects are those that Terraform made, no more and no less", () => {
  expect(rendered.map(keyOf).sort()).toEqual(made.map(keyOf).sort());
});

test.each(made.map((object) => [keyOf(object), object]))(
  "%s is field by field what Terraform left in the cluster",
  (key, object) => {
    const mine = rendered.find((candidate) => keyOf(candidate) === key);
    expect(asStored(mine as never)).toEqual(allocated(object as object));
  },
);
