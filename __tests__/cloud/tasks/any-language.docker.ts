/**
 * With a real Docker daemon (found by its own client): an image without Node and with an entry point of its own. It holds
 * this machine's Perl, which every Debian has, and nothing else.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { WallClock } from "../../../scripts/cloud/clock";
import { createCloud, type LocalCloud } from "../../../scripts/cloud/cloud";
import { CLOUD_LABEL } from "../../../scripts/cloud/tasks/docker-runtime";
import { DEFAULT_SETTINGS } from "../../../scripts/cloud/settings";
import { REPOSITORY_URL, TEMPLATE } from "../aws/fake-cloud";

jest.setTimeout(300_000);

/** An HTTP server that answers with its process id and the Root of the request's trace. */
const SERVER = `
use Socket;
$| = 1;
socket(my $server, PF_INET, SOCK_STREAM, 0) or die $!;
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in($ENV{PORT}, inet_aton($ENV{HOST}))) or die $!;
listen($server, 128) or die $!;
print "listening on $ENV{PORT}\\n";
while (accept(my $client, $server)) {
  my $trace = "";
  while (my $line = <$client>) {
    $trace = $1 if $line =~ /^x-amzn-trace-id:.*Root=([^;\\s]+)/i;
    last if $line =~ /^\\r?\\n$/;
  }
  my $body = "perl $trace";
  syswrite($client, "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($body) . "\\r\\nConnection: close\\r\\n\\r\\n$body");
  close($client);
}
`;

const folder = mkdtempSync(path.join(tmpdir(), "any-language-"));
const clouds: LocalCloud[] = [];
let dockerImage: string;

/** Paths of Perl, the libraries that it needs, and its base modules. */
function perlFiles(): string[] {
  const perl = "/usr/bin/perl";
  const linked = execFileSync("ldd", [perl], { encoding: "utf8" }).match(/\/\S+\.so\S*/g) ?? [];
  const modules = readdirSync("/usr/lib", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /-linux-/.test(entry.name))
    .map(({ name }) => `/usr/lib/${name}/perl-base`);
  return [perl, ...linked, ...modules];
}

beforeAll(() => {
  writeFileSync(path.join(folder, "server.pl"), SERVER);
  const archive = path.join(folder, "root.tar");
  const names = perlFiles().map((file) => file.slice(1));
  execFileSync("tar", [
    "--create",
    "--dereference",
    `--file=${archive}`,
    `--directory=${folder}`,
    "server.pl",
    "--directory=/",
    ...names,
  ]);
  const changes = ['ENTRYPOINT ["/usr/bin/perl", "/server.pl"]'];
  dockerImage = execFileSync("docker", ["import", ...changes.flatMap((change) => ["--change", change]), archive], {
    encoding: "utf8",
  }).trim();
});
afterEach(() => Promise.all(clouds.splice(0).map((cloud) => cloud.stop())));
afterAll(() => {
  execFileSync("docker", ["image", "rm", "--force", dockerImage]);
  rmSync(folder, { recursive: true });
});

function cloudOf(): LocalCloud {
  const cloud = createCloud({
    template: TEMPLATE,
    clock: new WallClock(20),
    runtime: "docker",
    settings: { ...DEFAULT_SETTINGS, provisioningSeconds: 1 },
    image: {
      repository: REPOSITORY_URL,
      tags: ["v1"],
      command: [],
      dockerImage,
      environment: {},
      platform: { os: "linux", architecture: "amd64" },
      contentHash: dockerImage,
    },
  });
  clouds.push(cloud);
  return cloud;
}

describe("the local cloud with an image of another language", () => {
  it("serves it by its own entry point, knows which task answered, and leaves no container", async () => {
    const cloud = cloudOf();
    const digests: unknown[] = [];
    cloud.answers.subscribe(({ task }) => digests.push(task?.imageDigest));
    await cloud.start();
    const trace = "1-67891233-abcdef012345678912345678";
    const answer = await fetch(cloud.productionUrl, { headers: { "x-amzn-trace-id": `Root=${trace}` } });
    expect(await answer.text()).toBe(`perl ${trace}`);
    expect(digests).toEqual([cloud.image.digest]);
    await cloud.stop();
    const filter = `label=${CLOUD_LABEL}=${process.pid}`;
    expect(execFileSync("docker", ["ps", "--all", "--quiet", "--filter", filter], { encoding: "utf8" })).toBe("");
  });

  it("plays faults for it", async () => {
    const cloud = cloudOf();
    cloud.injectFault({ imageDigest: cloud.image.digest, fault: { kind: "exit", afterSeconds: 60 } });
    await cloud.start();
    const [first] = cloud.parts.ecs.tasks();
    const exitCode = () => cloud.parts.ecs.tasks().find(({ id }) => id === first?.id)?.exitCode;
    while (exitCode() === undefined) await cloud.clock.sleep(1_000);
    expect(exitCode()).toBe(1);
    cloud.injectFault({ imageDigest: cloud.image.digest, fault: { kind: "error" } });
    expect((await fetch(`${cloud.productionUrl}/orders`)).status).toBe(500);
  });
});
