// What a product does on its first day, through the client that is generated from openapi.yaml: a workspace and a key, its app's
// credentials, a connect session, the consent, the account, and a call with the account's token. Every type comes from the document;
// where it said anything wrong, this would not compile, or not run.
//
// usage: quick_start.js CONNECTD_URL ROOT_KEY SANDBOX_CONTROL_URL CLIENT_ID CLIENT_SECRET
import createClient, { type PathSerializer } from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Problem = components["schemas"]["Problem"];
type Api = ReturnType<typeof connect>;

function connect(baseUrl: string, key: string) {
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
}

// The answer's data, or its problem as an exception.
function expect<T>(step: string, got: { data?: T; error?: Problem | unknown; response: Response }): T {
  if (got.data === undefined) {
    throw new Error(`${step}: ${got.response.status} ${JSON.stringify(got.error)}`);
  }
  return got.data;
}

// The path of a proxied call may have slashes, which the client would escape.
const keepSlashes: PathSerializer = (pathname, parameters) =>
  pathname.replace("{id}", String(parameters["id"])).replace("{path}", String(parameters["path"]));

async function makeKey(root: Api): Promise<string> {
  const workspace = expect("workspace", await root.POST("/v1/workspaces", { body: { slug: "bakery", name: "Bakery" } }));
  const key = expect(
    "key",
    await root.POST("/v1/workspaces/{id}/api-keys", {
      params: { path: { id: workspace.id } },
      body: { name: "quick start", scopes: ["credentials:write", "connect:write", "accounts:read", "proxy"] },
    }),
  );
  return key.key;
}

async function storeApp(api: Api, control: string, client_id: string, client_secret: string): Promise<string> {
  const credentials = expect("credentials", await api.POST("/v1/credentials", { body: { platform: "x", client_id, client_secret } }));
  const app = { client_id, client_secret, name: "Bakery", redirect_uris: [credentials.redirect_uri] };
  await fetch(`${control}/x/apps`, { method: "POST", body: JSON.stringify(app), headers: { "Content-Type": "application/json" } });
  return credentials.id;
}

// What the user does in a browser: consents at the platform and comes back to connectd, which sends the user home.
async function consent(control: string, authorize_url: string): Promise<URL> {
  const answer = await fetch(`${control}/x/consent`, {
    method: "POST",
    body: JSON.stringify({ authorize_url, person: "ada" }),
    headers: { "Content-Type": "application/json" },
  });
  const { location } = (await answer.json()) as { location: string };
  const callback = await fetch(location, { redirect: "manual" });
  return new URL(callback.headers.get("location") ?? "about:blank");
}

async function connectAccount(api: Api, control: string, credentials_id: string): Promise<string> {
  const wanted = { platform: "x", return_url: "http://localhost/welcome", credentials_id };
  const session = expect("session", await api.POST("/v1/connect/sessions", { body: wanted }));
  const home = await consent(control, session.authorize_url ?? "");
  if (home.searchParams.get("status") !== "connected") {
    throw new Error(`came home with ${home.href}`);
  }
  const ended = expect("session", await api.GET("/v1/connect/sessions/{id}", { params: { path: { id: session.id } } }));
  return ended.account_ids[0] ?? "";
}

async function main(base: string, root_key: string, control: string, client_id: string, client_secret: string): Promise<void> {
  const api = connect(base, await makeKey(connect(base, root_key)));
  const id = await connectAccount(api, control, await storeApp(api, control, client_id, client_secret));

  const accounts = expect("accounts", await api.GET("/v1/accounts", { params: { query: { platform: "x", status: "active" } } }));
  const account = accounts.data.find((each) => each.id === id);
  const me = expect(
    "proxy",
    await api.GET("/v1/accounts/{id}/proxy/{path}", { params: { path: { id, path: "users/me" } }, pathSerializer: keepSlashes }),
  ) as { data: { username: string } };
  if (account === undefined || me.data.username !== account.username) {
    throw new Error(`the account is ${JSON.stringify(account)}, the platform says ${JSON.stringify(me)}`);
  }

  const nobody = await api.GET("/v1/accounts/{id}", { params: { path: { id: "acc_00000000000000000000000000" } } });
  if (nobody.error?.code !== "account_not_found") {
    throw new Error(`a missing account is ${JSON.stringify(nobody.error)}`);
  }
  console.log(`connected ${account.username} on ${account.platform}, with the scopes ${account.scopes.join(" ")}`);
}

declare const process: { argv: string[]; exitCode: number };
const [base = "", root_key = "", control = "", client_id = "", client_secret = ""] = process.argv.slice(2);
main(base, root_key, control, client_id, client_secret).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
