package io.sampo.tests.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.function.Predicate;

/** A method production code must not call (or refer to), with what to use in its place. */
record BannedCall(Predicate<AccessTarget> target, String instead) {

  /** Any method whose class and name match the regular expressions. */
  static BannedCall of(String ownerClasses, String methodNames, String instead) {
    return new BannedCall(
        target ->
            target.getOwner().getFullName().matches(ownerClasses)
                && target.getName().matches(methodNames),
        instead);
  }

  /** A method of that name and number of parameters. */
  static BannedCall withParameters(
      String ownerClasses, String methodNames, int parameters, String instead) {
    BannedCall any = of(ownerClasses, methodNames, instead);
    return new BannedCall(
        target -> any.target.test(target) && parameterCount(target) == parameters, instead);
  }

  boolean matches(JavaAccess<?> access) {
    return target.test(access.getTarget());
  }

  private static int parameterCount(AccessTarget target) {
    return target instanceof AccessTarget.CodeUnitAccessTarget codeUnit
        ? codeUnit.getRawParameterTypes().size()
        : -1;
  }

  /** The sentence for one place. */
  String describe(JavaClass user, JavaAccess<?> access) {
    return "%s (line %d) uses %s.%s: %s"
        .formatted(
            user.getFullName(),
            access.getLineNumber(),
            access.getTargetOwner().getSimpleName(),
            access.getTarget().getName(),
            instead);
  }
}
