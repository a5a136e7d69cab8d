package io.sampo.gateway.transcode;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Set;

/**
 * A service to be offered as JSON.
 *
 * @param implementation an instance of the service's generated {@code XPowerApi}
 * @param descriptor the service's descriptor, from its generated file class
 * @param waiting the names of unary methods that may last as long as their client wants; their
 *     futures are cancelled when the client leaves or its time limit passes
 */
public record ServiceBinding(
    Object implementation, ServiceDescriptor descriptor, Set<String> waiting) {

  /** A service without methods that wait. */
  public ServiceBinding(Object implementation, ServiceDescriptor descriptor) {
    this(implementation, descriptor, Set.of());
  }
}
