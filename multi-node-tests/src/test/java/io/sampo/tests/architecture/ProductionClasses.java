package io.sampo.tests.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** The compiled classes of all modules, without tests and without generated code. */
final class ProductionClasses {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ProductionClasses::isNoTest)
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sampo");

  private static final JavaClasses WRITTEN =
      ALL.that(
          new DescribedPredicate<>("written by hand") {
            @Override
            public boolean test(JavaClass candidate) {
              return !candidate.getPackageName().matches("io\\.sampo\\.protocol\\.[a-z0-9]+pb");
            }
          });

  private ProductionClasses() {}

  private static boolean isNoTest(Location location) {
    return !location.contains("/io/sampo/tests/");
  }

  static JavaClasses written() {
    return WRITTEN;
  }
}
