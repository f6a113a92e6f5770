import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

/** Settings of a certificate. */
export interface CertificateProps {
  readonly domainName: string;
  /** Route 53 zone of the domain name. */
  readonly zoneId: string;
}

/** Seconds that DNS resolvers cache the validation record. */
const TTL_SECONDS = 300;

/**
 * A certificate from ACM. ACM issues it when it finds the validation record, and renews it while the record exists
 * (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).
 */
export class Certificate extends Construct {
  /** ARN of the issued certificate. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: props.domainName,
      validationMethod: "DNS",
      // ACM can't delete a certificate in use, so the listener must get the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
    const validation = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "validation-record", {
      zoneId: props.zoneId,
      name: validation.resourceRecordName,
      type: validation.resourceRecordType,
      records: [validation.resourceRecordValue],
      ttl: TTL_SECONDS,
      // All certificates of a domain name in an account need the same record, so it may already exist.
      allowOverwrite: true,
    });
    this.arn = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
