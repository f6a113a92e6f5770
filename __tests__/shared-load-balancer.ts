const ACCOUNT = "123456789012";
const arn = (resource: string) => `arn:aws:elasticloadbalancing:eu-central-1:${ACCOUNT}:${resource}`;

/** A load balancer of another owner, without a rule. */
export const EXISTING_LOAD_BALANCER = {
  arn: arn("loadbalancer/app/shared/0123456789abcdef"),
  productionListenerArn: arn("listener/app/shared/0123456789abcdef/1111111111111111"),
  testListenerArn: arn("listener/app/shared/0123456789abcdef/2222222222222222"),
  securityGroupId: "sg-0123456789abcdef0",
};

/** Settings of a service in a network and a cluster of another owner, behind a load balancer with other services. */
export const SHARED = {
  network: {
    vpc: {
      id: "vpc-0123456789abcdef0",
      cidr: "10.1.0.0/16",
      privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    },
  },
  cluster: { existing: `arn:aws:ecs:eu-central-1:${ACCOUNT}:cluster/shared` },
  loadBalancer: { existing: { ...EXISTING_LOAD_BALANCER, rule: { hosts: ["tasks.example.com"], priority: 100 } } },
};
