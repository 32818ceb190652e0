// What a program of a firm does, with the types that openapi-typescript makes and openapi-fetch.

import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

function expect(holds: boolean, what: unknown): asserts holds {
  if (!holds) throw new Error(JSON.stringify(what));
}

const { TIAOJI_ADDRESS: baseUrl, TIAOJI_KEY: key } = process.env;
const headers = { Authorization: `Bearer ${key}` };
const client = createClient<paths>({ baseUrl, headers });
const scenario: components["schemas"]["Scenario"] = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));

const matched = await client.POST("/v1/match", { params: { query: { gap: 0 } }, body: scenario });
expect(matched.data !== undefined && "secondments" in matched.data, matched.error);
const plan = matched.data;
expect(plan.secondments.length > 0 && plan.objective_fen < plan.baseline_fen, plan);
console.log(`typescript: ${plan.secondments.length} secondments, ${plan.objective_fen} of ${plan.baseline_fen} fen`);

const like = scenario.shortage[0];
expect(like !== undefined, scenario);
const body = { firm: like.firm, skill: like.skill, headcount: 2, from: "2022-04-01", to: "2022-04-02" };
const made = await client.POST("/v1/shortages", { body });
expect(made.response.status === 201 && made.data?.id !== undefined, made.error);
const etag = made.response.headers.get("etag") ?? "";
const change = () =>
  client.PATCH("/v1/shortages/{id}", {
    params: { path: { id: made.data?.id ?? "" }, header: { "If-Match": etag } },
    headers: { "Content-Type": "application/merge-patch+json" },
    body: { headcount: 3 },
  });
const changed = await change();
expect(changed.data?.headcount === 3 && changed.data.version === 2, changed.error);
const stale = await change();
expect(stale.response.status === 412 && stale.error?.code === "version_mismatch", stale.error);
