package io.sampo.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of the design, section 2. */
class PackageDirectionTest {

  private static final String PEKKO = "org.apache.pekko..";
  private static final String GATEWAY = "io.sampo.gateway..";

  @Test
  void everyModuleIsSeen() {
    for (String root : List.of("protocol", "persistence", "node", "gateway")) {
      assertTrue(
          ProductionClasses.written().stream()
              .anyMatch(type -> type.getPackageName().startsWith("io.sampo." + root)),
          root);
    }
  }

  @Test
  void rolesDoNotKnowTheServices() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node.raft..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.sampo.node.edge..", "io.sampo.node.watch..", "io.sampo.node.lease..")
            .because("Raft replicates bytes; who asked for them is the caller's business"));
  }

  @Test
  void theRegistryOfMetricsKnowsNoFeature() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node.metrics..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.sampo.node..")
                    .and(resideOutsideOfPackage("io.sampo.node.metrics..")))
            .because("every feature counts with it, and would be part of a circle"));
  }

  @Test
  void featuresCountInClassesOfTheirOwn() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node..")
            .and()
            .resideOutsideOfPackage("io.sampo.node.metrics..")
            .and()
            .haveNameNotMatching(".*Metrics(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus..")
            .because("names and labels of a feature's families stand in its <Feature>Metrics"));
  }

  @Test
  void protocolKnowsNoOtherModule() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sampo.persistence..", "io.sampo.node..", GATEWAY)
            .because("protocol is the ground that every module stands on"));
  }

  @Test
  void persistenceMakesNoRaftDecisions() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.persistence..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sampo.node..", GATEWAY)
            .because("node decides, persistence keeps"));
  }

  @Test
  void gatewayKnowsOnlyTheServiceInterfaces() {
    check(
        noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sampo.persistence..", "io.sampo.node..")
            .because("node hands the gateway the service interfaces of protocol"));
  }

  @Test
  void raftRulesArePlainJava() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node.raft.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                PEKKO, "io.sampo.persistence..", "io.sampo.node.state..", "io.sampo.node.edge..")
            .because("quorums, votes and appends are arithmetic, tested without actors"));
  }

  @Test
  void theStoreIsPlainJava() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node.state..")
            .and()
            .haveSimpleNameNotStartingWith("Applier")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(PEKKO)
            .because("only the Applier is an actor; the state is a fold of the log"));
  }

  @Test
  void theStoreDoesNotKnowItsUsers() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node.state..")
            .and()
            .haveSimpleNameNotStartingWith("Applier")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.sampo.node.edge..",
                "io.sampo.node.request..",
                "io.sampo.node.watch..",
                "io.sampo.node.lease..",
                "io.sampo.node.peer..",
                "io.sampo.node.boot..")
            .because("sessions and services read views; the state never calls them"));
  }

  @Test
  void onlyTheGatewaySpeaksJson() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sampo.node..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.protobuf.util..")
            .because("JSON belongs to http-gateway"));
  }

  private static void check(ArchRule rule) {
    // Modules grow one after another: a package that does not exist yet breaks no rule.
    rule.allowEmptyShould(true).check(ProductionClasses.written());
  }
}
