package org.powersync.jakarta;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the packages: who may know whom. Ground floor, open to all: error and
 * telemetry; config and connection to all but the plain-Java packages and the storage API.
 */
@AnalyzeClasses(
    packages = "org.powersync.jakarta",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PackageArrowsTest {
  private static final String ROOT = "org.powersync.jakarta.";

  @ArchTest
  static final ArchRule syncConfigIsPlainJavaAndKnowsNobody =
      knowsOnly("syncconfig", "syncconfig", "error");

  @ArchTest
  static final ArchRule storageApiKnowsSyncConfig =
      classes()
          .that()
          .resideInAPackage(ROOT + "storage")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(ROOT + "storage", ROOT + "syncconfig..", ROOT + "error")
                  .or(outsideOfTheProduct()));

  @ArchTest
  static final ArchRule storageOnPostgresKnowsTheStorageApi =
      knowsOnly(
          "storage.postgres",
          "storage",
          "syncconfig",
          "config",
          "connection",
          "error",
          "telemetry");

  @ArchTest
  static final ArchRule replicationMeetsOthersInStorage =
      classes()
          .that()
          .resideInAPackage(ROOT + "replication..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      ROOT + "replication..",
                      ROOT + "storage",
                      ROOT + "syncconfig..",
                      ROOT + "config..",
                      ROOT + "connection..",
                      ROOT + "error",
                      ROOT + "telemetry")
                  .or(outsideOfTheProduct()));

  @ArchTest
  static final ArchRule replicationCoreDoesNotKnowItsSource =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "replication")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "replication.postgres..");

  @ArchTest
  static final ArchRule syncStreamsKnowStorageButNotReplication =
      classes()
          .that()
          .resideInAPackage(ROOT + "sync..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      ROOT + "sync..",
                      ROOT + "storage",
                      ROOT + "syncconfig..",
                      ROOT + "error",
                      ROOT + "telemetry")
                  .or(outsideOfTheProduct()));

  @ArchTest
  static final ArchRule diagnosticsAsksStorageAndReplicationThroughTheirApis =
      classes()
          .that()
          .resideInAPackage(ROOT + "diagnostics..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      ROOT + "diagnostics..",
                      ROOT + "storage",
                      ROOT + "replication",
                      ROOT + "syncconfig",
                      ROOT + "syncconfig.schema",
                      ROOT + "syncconfig.value",
                      ROOT + "syncconfig.describe",
                      ROOT + "config",
                      ROOT + "connection",
                      ROOT + "error",
                      ROOT + "telemetry")
                  .or(outsideOfTheProduct()));

  @ArchTest
  static final ArchRule commandsCallStorageAndReplication =
      knowsOnly(
          "command",
          "command",
          "config",
          "connection",
          "storage",
          "replication",
          "syncconfig",
          "error");

  @ArchTest
  static final ArchRule authKnowsConfiguration =
      knowsOnly("auth", "auth", "config", "connection", "error");

  @ArchTest
  static final ArchRule configurationKnowsOnlyConnections =
      knowsOnly("config", "config", "connection", "error");

  @ArchTest static final ArchRule telemetryKnowsNobody = knowsOnly("telemetry", "telemetry");

  @ArchTest
  static final ArchRule plainJavaPackagesNeedNoContainerAndNoDatabase =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "syncconfig..", ROOT + "sync..", ROOT + "storage")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta..", "java.sql..", "javax.sql..", "org.postgresql..");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Utils?|Helper|Manager)")
          .because("such names say nothing");

  private static ArchRule knowsOnly(String room, String... known) {
    String[] packages = new String[known.length + 1];
    packages[known.length] = ROOT + room + "..";
    for (int i = 0; i < known.length; i++) {
      packages[i] = ROOT + known[i] + (known[i].equals("storage") ? "" : "..");
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(packages).or(outsideOfTheProduct()))
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaClass> outsideOfTheProduct() {
    return DescribedPredicate.not(resideInAnyPackage("org.powersync.jakarta.."));
  }
}
