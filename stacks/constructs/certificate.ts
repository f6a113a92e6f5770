import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

/** Settings of a certificate. */
export interface CertificateProps {
  readonly domainName: string;
  /** Route 53 zone that the domain name lies in. */
  readonly zoneId: string;
}

/** Seconds that resolvers keep the validation's record. */
const TTL_SECONDS = 300;

/** A certificate issued by ACM once it finds the record that it asks for; ACM renews it as long as the record is there. */
export class Certificate extends Construct {
  /** Of the certificate when it has been issued. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: props.domainName,
      validationMethod: "DNS",
      // One in use can't be deleted: the listener has to have the next one first.
      lifecycle: { createBeforeDestroy: true },
    });
    const asked = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "validation-record", {
      zoneId: props.zoneId,
      name: asked.resourceRecordName,
      type: asked.resourceRecordType,
      records: [asked.resourceRecordValue],
      ttl: TTL_SECONDS,
      // ACM asks for the same record for every certificate of a name in an account: it may be there.
      allowOverwrite: true,
    });
    this.arn = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
