import { textWithoutSecrets, withoutSecrets } from "../../scripts/plan/secrets";

const HIDDEN = "(sensitive)";
const variable = (name: string, value = "s3cret") => ({ name, value });

describe("what must not be shown", () => {
  it.each([
    "API_KEY",
    "ACCESS_KEY_ID",
    "STRIPE_KEY",
    "api-key",
    "accessKey",
    "authKey",
    "private_key",
    "sessionKey",
    "signingKey",
    "DB_PASSWORD",
    "DB_PWD",
    "DB_PASS",
    "pass",
    "PASSPHRASE",
    "CLIENT_SECRET",
    "GITHUB_TOKEN",
    "SLACK_WEBHOOK",
    "AWS_CREDENTIALS",
  ])("goes by the name %s, as a key and as a container's variable", (name) => {
    expect(withoutSecrets({ [name]: "s3cret" })).toEqual({ [name]: HIDDEN });
    expect(withoutSecrets([variable(name)])).toEqual([variable(name, HIDDEN)]);
  });

  it.each([
    "KMS_KEY",
    "PUBLIC_KEY",
    "HASH_KEY",
    "RANGE_KEY",
    "SORT_KEY",
    "PARTITION_KEY",
    "CACHE_KEY",
    "OBJECT_KEY",
    "kms_key_id",
    "hash_key",
    "SECRET_ARN",
    "secret_arn",
    "PORT",
    "COMPASS",
  ])("doesn't go by the name %s", (name) => {
    expect(withoutSecrets({ [name]: "plain" })).toEqual({ [name]: "plain" });
  });

  it.each([
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "ghp_abcdef",
    "github_pat_abc",
    "xoxb-123",
    "sk_live_abc",
    "-----BEGIN RSA PRIVATE KEY-----\nabc",
    "github_pat_11ABCDEFG0_abcdef",
    "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "glpat-abcdefghij0123456789",
    "hvs.CAESIJ0123456789abcdefghij",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    `xapp-1-A1234567890-1234567890123-${"a".repeat(64)}`,
    `SG.${"a".repeat(22)}.${"b".repeat(43)}`,
    `lin_api_${"a".repeat(40)}`,
    `sk-ant-api03-${"a1".repeat(46)}-AA`,
  ])("shows by itself, whatever it is called: %s", (value) => {
    expect(withoutSecrets({ plain: value })).toEqual({ plain: HIDDEN });
  });

  it.each(["https://example.com/a@b", "postgres://host/db", "arn:aws:iam::123456789012:role/x", "MAKIAVELLI"])(
    "is not in %s",
    (value) => expect(withoutSecrets({ plain: value })).toEqual({ plain: value }),
  );

  it("is found in a document within a document", () => {
    const document = JSON.stringify({ inner: JSON.stringify({ password: "s3cret", port: 80 }) });
    const shown = JSON.stringify(withoutSecrets({ body: document }));
    expect(shown).not.toContain("s3cret");
    expect(shown).toContain("80");
  });

  it("is everything under such a name, except references to a secret", () => {
    const secrets = [{ name: "DB", valueFrom: "arn:aws:ssm:db", arn: "arn:x", value: "s3cret", size: 3 }];
    expect(withoutSecrets({ secrets })).toEqual({
      secrets: [{ name: "DB", valueFrom: "arn:aws:ssm:db", arn: "arn:x", value: HIDDEN, size: HIDDEN }],
    });
  });

  it("is what the mask marks, alone or with all that is in it; nothing stays nothing", () => {
    const value = { a: [1, { b: "x", c: "y" }], d: { e: 1 }, f: null };
    expect(withoutSecrets(value, { a: [false, { b: true }], d: true, f: true })).toEqual({
      a: [1, { b: HIDDEN, c: "y" }],
      d: HIDDEN,
      f: null,
    });
  });
});

/** In these texts `s3cret` and what is like it must go; what is given after it is what people see. */
describe("a secret within a text", () => {
  it.each([
    // Userinfo of a URL.
    ["postgres://user:s3cret@host/db", "postgres://user:(sensitive)@host/db"],
    ["redis://:s3cret@host", "redis://:(sensitive)@host"],
    ["amqp://u:p@s3cret@host:5672/v", "amqp://u:(sensitive)@host:5672/v"],
    ["mysql://u:s3/cr#et@host:3306/db", "mysql://u:(sensitive)@host:3306/db"],
    ["mongodb+srv://u:s3cret@a,b:27017/x", "mongodb+srv://u:(sensitive)@a,b:27017/x"],
    ["jdbc:oracle:thin:scott/s3cret@//host:1521/x", "jdbc:oracle:thin:scott/(sensitive)@//host:1521/x"],
    ["https://0123456789abcdef0123456789abcdef@github.com/a", "https://(sensitive)@github.com/a"],
    // Query and fragment of a URL.
    ["https://h/x?a=1&password=s3cret&b=2#c", "https://h/x?a=1&password=(sensitive)&b=2#c"],
    ["jdbc:postgresql://h/db?user=u&password=s3cret", "jdbc:postgresql://h/db?user=u&password=(sensitive)"],
    ["https://h/x?api_key=s3cret", "https://h/x?api_key=(sensitive)"],
    ["https://h/x?apiKey=s3cret&v=2", "https://h/x?apiKey=(sensitive)&v=2"],
    ["https://h/x?api%5Fkey=s3cret", "https://h/x?api%5Fkey=(sensitive)"],
    ["https://h/x#access_token=s3cret&state=1", "https://h/x#access_token=(sensitive)&state=1"],
    [
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=abc123&y=1",
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=(sensitive)&y=1",
    ],
    [
      "https://a.blob.core.windows.net/c?sv=2020&sig=abc%2Fd%3D",
      "https://a.blob.core.windows.net/c?sv=2020&sig=(sensitive)",
    ],
    ["https://h/f?code=abcd1234efgh5678ijkl", "https://h/f?code=(sensitive)"],
    ["https://h/f?next=https%3A%2F%2Fu%3As3cret%40g", "https://h/f?next=(sensitive)"],
    // Addresses that are secrets themselves.
    [
      "https://events.pagerduty.com/integration/0123abcd/enqueue",
      "https://events.pagerduty.com/integration/(sensitive)/enqueue",
    ],
    ["https://discord.com/api/webhooks/1/abc", "https://discord.com/api/webhooks/(sensitive)"],
    ["https://api.telegram.org/bot1:abc/sendMessage", "https://api.telegram.org/bot(sensitive)/sendMessage"],
    // Connection strings.
    ["Server=db;User Id=sa;Password=s3cret;Encrypt=true", "Server=db;User Id=sa;Password=(sensitive);Encrypt=true"],
    ["Server=db;Pwd=s3cret with spaces & more;", "Server=db;Pwd=(sensitive);"],
    ["Driver=x;PWD={s3;cret};Database=d", "Driver=x;PWD=(sensitive);Database=d"],
    ["host=h port=5432 password=s3cret dbname=d", "host=h port=5432 password=(sensitive) dbname=d"],
    ["host=h password='s3 cret' dbname=d", "host=h password='(sensitive)' dbname=d"],
    [
      "Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=abc=",
      "Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=(sensitive)",
    ],
    ["AccountName=n;AccountKey=abc==;EndpointSuffix=x", "AccountName=n;AccountKey=(sensitive);EndpointSuffix=x"],
    ["cache:6380,password=s3cret,ssl=True", "cache:6380,password=(sensitive),ssl=True"],
    // Command lines.
    ["app --password=s3cret --port 80", "app --password=(sensitive) --port 80"],
    ["app --db-password s3cret --port 80", "app --db-password (sensitive) --port 80"],
    ["app --api-key 's3 cret' run", "app --api-key '(sensitive)' run"],
    ["java -Dspring.datasource.password=s3cret -jar a.jar", "java -Dspring.datasource.password=(sensitive) -jar a.jar"],
    ["PGPASSWORD=s3cret psql -h db", "PGPASSWORD=(sensitive) psql -h db"],
    ["STRIPE_KEY=s3cret node .", "STRIPE_KEY=(sensitive) node ."],
    ["mysqldump -u root -ps3cret db", "mysqldump -u root -p(sensitive) db"],
    ["redis-cli -h h -a s3cret ping", "redis-cli -h h -a (sensitive) ping"],
    ["docker login -u u -p s3cret r", "docker login -u u -p (sensitive) r"],
    ["sshpass -p s3cret ssh h", "sshpass -p (sensitive) ssh h"],
    ["curl -s -u u:s3cret https://h", "curl -s -u u:(sensitive) https://h"],
    ["curl -u u:s3cret https://h", "curl -u u:(sensitive) https://h"],
    ["app -u admin -p s3cret --port 80", "app -u admin -p (sensitive) --port 80"],
    ["app /user:u /password:s3cret", "app /user:u /password:(sensitive)"],
    // Headers, and text in the form of settings.
    ["curl -H 'Authorization: Basic dTpzM2NyZXQ=' https://h", "curl -H 'Authorization: (sensitive)' https://h"],
    ["curl -H 'X-Api-Key: s3cret' https://h", "curl -H 'X-Api-Key: (sensitive)' https://h"],
    ["send Bearer s3cret-token-1 along", "send Bearer (sensitive) along"],
    ["user: u\npassword: s3cret\nport: 80", "user: u\npassword: (sensitive)\nport: 80"],
    ['{"password":"s3cret","port":80', '{"password":"(sensitive)","port":80'],
    ['x "{\\"token\\":\\"s3cret\\"}" y', 'x "{\\"token\\":\\"(sensitive)\\"}" y'],
    // Base64 of something that is one.
    [`run ${Buffer.from("user:s3cret").toString("base64")} now`, "run (sensitive) now"],
    [Buffer.from("#!/bin/sh\nexport DB_PASSWORD=s3cret\n").toString("base64"), "(sensitive)"],
    [Buffer.from('{"password":"s3cret"}??>>').toString("base64url"), "(sensitive)"],
    ["run postgres%3A%2F%2Fu%3As3cret%40h%2Fd now", "run (sensitive) now"],
    // Without a scheme, by other names, in XML.
    ["u:s3cret@tcp(h:3306)/d?parseTime=true", "u:(sensitive)@tcp(h:3306)/d?parseTime=true"],
    ["scott/s3cret@//h:1521/svc", "scott/(sensitive)@//h:1521/svc"],
    ["https://h/x?subscription-key=s3cret&v=1", "https://h/x?subscription-key=(sensitive)&v=1"],
    ["https://h/x?SharedAccessSignature=s3cret", "https://h/x?SharedAccessSignature=(sensitive)"],
    ["curl -H 'x-functions-key: s3cret' https://h", "curl -H 'x-functions-key: (sensitive)' https://h"],
    ["uri=ldap://h bindpw=s3cret base=dc", "uri=ldap://h bindpw=(sensitive) base=dc"],
    ['<add key="DbPassword" value="s3cret"/>', '<add key="DbPassword" value="(sensitive)"/>'],
    ["<db><password>s3cret</password><port>1</port></db>", "<db><password>(sensitive)</password><port>1</port></db>"],
    ["https://outlook.office.com/webhook/abc@d", "https://outlook.office.com/webhook/(sensitive)"],
    [`https://chat.x.org/hooks/${"a1".repeat(13)}`, "https://chat.x.org/hooks/(sensitive)"],
    ["zip -P s3cret a.zip b", "zip -P (sensitive) a.zip b"],
    ["smbclient -U u%s3cret //h/s", "smbclient -U u%(sensitive) //h/s"],
    ["vault login -no-print s3cret", "vault login -no-print (sensitive)"],
    ["aws configure set aws_secret_access_key s3cret", "aws configure set aws_secret_access_key (sensitive)"],
    // Several, and one over several lines.
    ["a://u:s3cret@h and --token s3cret", "a://u:(sensitive)@h and --token (sensitive)"],
    ["x\n-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\ny", "x\n(sensitive)\ny"],
  ])("goes, and the rest stays: %s", (text, shown) => {
    expect(textWithoutSecrets(text)).toBe(shown);
    expect(textWithoutSecrets(shown)).toBe(shown);
  });

  it.each([
    "https://example.com/a@b?page=2&sort=name#top",
    "https://example.com:8443/a@b",
    "http://[::1]:8080/x@y",
    "https://idp.example.com/oauth2/token?grant_type=client_credentials",
    "https://example.com/reset-password?next=/home&key=name",
    "ssh://git@github.com/a/b.git",
    "git@github.com:a/b.git",
    "postgres://host:5432/db?sslmode=require",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf",
    "secretsmanager:GetSecretValue",
    "token.actions.githubusercontent.com:sub",
    "repo:owner/name:ref:refs/heads/main",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "app --password-file /run/secrets/db --port 8080",
    "app --token-ttl 5m --no-password",
    "docker login --password-stdin -u u r",
    "docker run -p 8080:80 -u 1000:1000 image",
    "mkdir -p /data/x && psql -U app -p 5432",
    "docker run --user app -p 127.0.0.1:80:80 image",
    "PGPASSWORD=${DB_PASSWORD} psql; PGPASSWORD=$PASSWORD psql",
    "app --password {{resolve:ssm:/x}} --max-tokens=100",
    "wget -q -O /dev/null http://localhost:8080/health",
    "Basic authentication is off; Bearer tokens are not",
    "Server=db;Database=d;Encrypt=true;Trusted_Connection=yes",
    "MAKIAVELLI sk-learn eyJ",
    "aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "npm run release -- --image v42",
    "a-rather-long-name-of-a-service_in_the-alphabet-of-urls",
    "files/a%20b%2Fc.txt",
    "https://github.com/o/r/hooks/pre-commit",
    "git clone https://github.com/o/r@v1//modules/x",
    "<password-policy>strict</password-policy><port>80</port>",
    '<add key="Port" value="80"/>',
    "vault login -method=oidc",
    "curl -u http://h",
    "u:x@example.com",
  ])("is not in %s", (text) => expect(textWithoutSecrets(text)).toBe(text));

  it("is found in a list that is a command line, over its parts", () => {
    const command = ["redis-cli", "-h", "h", "-a", "s3cret", "--token", "s3cret", "--user", "u", "x://u:s3cret@h"];
    const shown = ["redis-cli", "-h", "h", "-a", HIDDEN, "--token", HIDDEN, "--user", "u", "x://u:(sensitive)@h"];
    expect(withoutSecrets({ command })).toEqual({ command: shown });
    const harmless = ["--token-ttl", "5m", "-p", "8080:80"];
    expect(withoutSecrets({ command: harmless })).toEqual({ command: harmless });
  });

  it("goes out of a document, and the document stays readable", () => {
    const definitions = JSON.stringify([{ name: "api", environment: [variable("DB", "postgres://u:s3cret@h/d")] }]);
    expect(withoutSecrets({ definitions })).toEqual({
      definitions: definitions.replace("s3cret", HIDDEN),
    });
  });

  it("doesn't hide the claim that a policy is about", () => {
    const policy = {
      StringEquals: {
        "git.example.com/_services/token:aud": "sts.amazonaws.com",
        "gitlab.com:sub": "project_path:a/b",
      },
      StringLike: { "token.actions.githubusercontent.com:sub": "repo:a/b:*" },
    };
    expect(withoutSecrets(policy)).toEqual(policy);
  });

  it("costs little in a long text", () => {
    const text = `${"word --flag value; a=b&c=d ".repeat(2_000)}password=s3cret`;
    expect(textWithoutSecrets(text)).not.toContain("s3cret");
  });
});
